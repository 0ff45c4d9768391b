import { DownloadOutlined, LeftOutlined, RightOutlined } from '@ant-design/icons';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Collapse, DatePicker, Descriptions, Drawer, Empty, Input, Select, Space, Table, Tag, theme, type TableColumnsType } from 'antd';
import dayjs from 'dayjs';
import { useMemo, useState, type ReactNode } from 'react';
import { followLink, resourcesOf, searchPage } from '../../api/fhir';
import { ErrorPanel } from '../../components/ErrorPanel';
import { secondText } from '../../components/time';
import { usePreferences, useTexts } from '../../i18n/preferences';
import { nameOf } from '../policies/vocabulary';
import { csvOf, kinds, lineOf, outcomes, parametersOf, resourceText, type AuditFilter, type AuditLine } from './event';
import { useAuditTexts, type AuditTexts } from './texts';

const everything: AuditFilter = { user: '', patient: '', from: undefined, to: undefined, kind: undefined, outcome: undefined };
const pageSize = 50;

interface Row {
  readonly line: AuditLine;
  readonly event: fhir4.AuditEvent;
}

function outcomeColour(outcome: string): string {
  return outcome === '0' ? 'green' : outcome === '4' ? 'orange' : 'red';
}

function policyText(line: AuditLine, texts: AuditTexts): string {
  return line.policies.map(p => (p.rule === undefined ? p.consent : `${p.consent} ${texts.rule(p.rule + 1)}`)).join('; ');
}

/** Who did what with whose data, when, and what came of it. */
export function AuditPage(): ReactNode {
  const texts = useAuditTexts();
  const common = useTexts();
  const { language } = usePreferences();
  const { token } = theme.useToken();
  const [typed, setTyped] = useState(everything);
  const [filter, setFilter] = useState(everything);
  /** The pages before this one, each with the link that leads on from it. */
  const [trail, setTrail] = useState<readonly fhir4.Bundle[]>([]);
  const [shown, setShown] = useState<Row>();
  const before = trail.at(-1);
  const { data, error, isFetching, isPending, refetch } = useQuery({
    queryKey: ['audit', filter, before?.link?.find(l => l.relation === 'next')?.url],
    queryFn: async ({ signal }) =>
      before === undefined ? searchPage('AuditEvent', parametersOf(filter, pageSize), signal) : ((await followLink(before, 'next', signal)) ?? { resourceType: 'Bundle' as const, type: 'searchset' as const }),
    placeholderData: keepPreviousData,
    // Looking at the audit is itself an event: never without being asked for.
    refetchOnWindowFocus: false,
    staleTime: Infinity,
  });
  const rows = useMemo<readonly Row[]>(
    () => (data === undefined ? [] : resourcesOf<fhir4.AuditEvent>(data, 'AuditEvent').map(event => ({ event, line: lineOf(event, language, common.departments) }))),
    [data, language, common],
  );
  const search = (next: AuditFilter): void => {
    setTyped(next);
    setTrail([]);
    setFilter(next);
    if (JSON.stringify(next) === JSON.stringify(filter) && trail.length === 0) void refetch();
  };
  const hasNext = data?.link?.some(l => l.relation === 'next') === true;
  const filtered = JSON.stringify(filter) !== JSON.stringify(everything);

  const list = (references: readonly string[], most: number): ReactNode => (
    <>
      {references.slice(0, most).map(r => <div className="one-line" key={r} title={r}>{resourceText(r, language)}</div>)}
      {references.length > most && <span className="small quiet">{texts.others(references.length)}</span>}
    </>
  );
  const columns: TableColumnsType<Row> = [
    { key: 'when', title: texts.when, width: 172, render: (_, { line }) => secondText(line.at) },
    {
      key: 'who',
      title: texts.who,
      width: '19%',
      render: (_, { line }) => (
        <>
          <div className="strong one-line">{line.user ?? line.client ?? texts.system}</div>
          <div className="small quiet one-line">{[...line.position, line.user === undefined ? '' : line.client].filter(t => t !== undefined && t !== '').join(' · ')}</div>
        </>
      ),
    },
    {
      key: 'what',
      title: texts.what,
      width: 150,
      render: (_, { line }) => (
        <>
          <div>{line.what}</div>
          <div className="small quiet one-line">{line.door}</div>
        </>
      ),
    },
    { key: 'patient', title: texts.patient, width: 140, render: (_, { line }) => list(line.patients, 2) },
    { key: 'data', title: texts.data, render: (_, { line }) => list(line.resources, 2) },
    {
      key: 'outcome',
      title: texts.outcome,
      width: 108,
      render: (_, { line }) => <Tag color={outcomeColour(line.outcome)} variant="filled">{nameOf(outcomes, line.outcome, language)}</Tag>,
    },
    { key: 'policy', title: texts.policy, width: '15%', render: (_, { line }) => <div className="one-line" title={policyText(line, texts)}>{policyText(line, texts)}</div> },
  ];

  const exportPage = (): void => {
    const head = [texts.id, texts.when, texts.who, texts.client, texts.position, texts.what, texts.through, texts.patient, texts.data, texts.outcome, texts.reason, texts.policy, texts.address, texts.trace];
    const csv = csvOf(head, rows.map(({ line }) => [
      line.id, secondText(line.at), line.user ?? '', line.client ?? '', line.position.join(' '), line.what, line.door ?? '', line.patients.join(' '),
      line.resources.join(' '), nameOf(outcomes, line.outcome, language), line.outcomeDesc ?? '', policyText(line, texts), line.address ?? '', line.trace ?? '',
    ]));
    const url = URL.createObjectURL(new Blob([csv], { type: 'text/csv;charset=utf-8' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = `audit-${dayjs().format('YYYYMMDD-HHmmss')}.csv`;
    link.click();
    URL.revokeObjectURL(url);
  };

  return (
    <main className="work" style={{ background: token.colorBgLayout }}>
      <form
        className="filters"
        role="search"
        onSubmit={event => {
          event.preventDefault();
          search(typed);
        }}
      >
        <Input
          style={{ width: 250 }} name="audit-user" value={typed.user} allowClear autoComplete="off"
          aria-label={texts.user} placeholder={texts.userPlaceholder}
          onChange={event => setTyped({ ...typed, user: event.target.value })}
        />
        <Input
          style={{ width: 160 }} name="audit-patient" value={typed.patient} allowClear autoComplete="off"
          aria-label={texts.patient} placeholder={texts.patientPlaceholder}
          onChange={event => setTyped({ ...typed, patient: event.target.value })}
        />
        <DatePicker.RangePicker
          aria-label={texts.time} allowEmpty={[true, true]} showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" style={{ width: 330 }}
          value={[typed.from === undefined ? null : dayjs(typed.from), typed.to === undefined ? null : dayjs(typed.to)]}
          onChange={days => {
            const text = (day: dayjs.Dayjs | null | undefined): string | undefined => day?.second(0).format('YYYY-MM-DDTHH:mm:ssZ');
            search({ ...typed, from: text(days?.[0]), to: text(days?.[1]) });
          }}
        />
        <Select<string>
          aria-label={texts.kind} className="audit-kind" style={{ width: 132 }} value={typed.kind ?? ''} showSearch={{ optionFilterProp: 'label' }}
          onChange={value => search({ ...typed, kind: value === '' ? undefined : value })}
          options={[{ value: '', label: texts.allKinds }, ...kinds.map(k => ({ value: k.key, label: k.label[language] }))]}
        />
        <Select<string>
          aria-label={texts.outcome} style={{ width: 112 }} value={typed.outcome ?? ''}
          onChange={value => search({ ...typed, outcome: value === '' ? undefined : value })}
          options={[{ value: '', label: texts.allOutcomes }, ...[...outcomes.keys()].map(value => ({ value, label: nameOf(outcomes, value, language) }))]}
        />
        <Button type="primary" htmlType="submit" loading={isFetching}>{texts.search}</Button>
        {filtered && <Button type="text" onClick={() => search(everything)}>{texts.reset}</Button>}
        <span className="push" />
        <Button icon={<DownloadOutlined />} disabled={rows.length === 0} onClick={exportPage}>{texts.csv}</Button>
      </form>
      <section className="list" aria-label={texts.page} style={{ background: token.colorBgContainer, border: `1px solid ${token.colorBorderSecondary}` }}>
        <div className="rows">
          {error ? (
            <ErrorPanel error={error} onRetry={() => void refetch()} />
          ) : (
            <Table<Row>
              size="small"
              tableLayout="fixed"
              sticky
              rowKey={row => row.line.id}
              columns={columns}
              dataSource={[...rows]}
              loading={isPending}
              pagination={false}
              onRow={row => ({
                onClick: () => setShown(row),
                onKeyDown: event => {
                  if (event.key === 'Enter') setShown(row);
                },
                tabIndex: 0,
                'data-audit': row.line.what,
              })}
              locale={{
                emptyText: (
                  <div className="center">
                    {!isPending && (
                      <Empty
                        image={Empty.PRESENTED_IMAGE_SIMPLE}
                        description={<><div>{filtered ? texts.noMatch : texts.none}</div>{filtered && <div className="small quiet">{texts.noMatchHint}</div>}</>}
                      />
                    )}
                  </div>
                ),
              }}
            />
          )}
        </div>
        <footer className="foot" style={{ borderTop: `1px solid ${token.colorBorderSecondary}` }}>
          <span className="quiet" data-testid="audit-total" aria-live="polite">{data?.total === undefined ? '' : texts.total(data.total)}</span>
          <Space>
            {trail.length > 0 && <Button size="small" type="text" onClick={() => setTrail([])}>{texts.first}</Button>}
            <span className="small quiet">{texts.page_(trail.length + 1)}</span>
            <Button size="small" icon={<LeftOutlined />} aria-label={texts.previous} disabled={trail.length === 0} onClick={() => setTrail(trail.slice(0, -1))} />
            <Button size="small" icon={<RightOutlined />} aria-label={texts.next} disabled={!hasNext || isFetching} onClick={() => data !== undefined && setTrail([...trail, data])} />
          </Space>
        </footer>
      </section>
      <Drawer open={shown !== undefined} onClose={() => setShown(undefined)} title={texts.detail} size={640}>
        {shown !== undefined && <Detail row={shown} />}
      </Drawer>
    </main>
  );
}

function Detail({ row: { line, event } }: { row: Row }): ReactNode {
  const texts = useAuditTexts();
  const { language } = usePreferences();
  const item = (label: string, content: ReactNode): { key: string; label: string; children: ReactNode }[] =>
    content === undefined || content === '' ? [] : [{ key: label, label, children: content }];
  const lines = (values: readonly string[]): ReactNode => (values.length === 0 ? undefined : values.map(v => <div key={v}>{v}</div>));
  return (
    <div className="stack" data-testid="audit-detail">
      <Descriptions
        size="small"
        column={1}
        bordered
        styles={{ label: { width: 132 } }}
        items={[
          ...item(texts.when, secondText(line.at)),
          ...item(texts.who, line.user ?? line.client ?? texts.system),
          ...item(texts.position, line.position.join(' · ')),
          ...item(texts.client, line.client),
          ...item(texts.address, line.address),
          ...item(texts.what, line.what),
          ...item(texts.through, line.door),
          ...item(texts.outcome, <Tag color={outcomeColour(line.outcome)} variant="filled">{nameOf(outcomes, line.outcome, language)}</Tag>),
          ...item(texts.reason, line.outcomeDesc),
          ...item(texts.purposes, line.purposes.join(' · ')),
          ...item(texts.patient, lines(line.patients)),
          ...item(texts.resources, lines(line.resources)),
          ...item(texts.query, line.query === undefined ? undefined : <code className="wrap">{line.query}</code>),
          ...item(texts.policy, policyText(line, texts)),
          ...item(texts.more, lines(line.details.map(d => `${d.type}: ${d.value}`))),
          ...item(texts.trace, line.trace === undefined ? undefined : <code className="wrap">{line.trace}</code>),
          ...item(texts.id, line.id),
        ]}
      />
      <Collapse size="small" items={[{ key: 'raw', label: texts.raw, children: <pre className="raw">{JSON.stringify(event, undefined, 2)}</pre> }]} />
    </div>
  );
}
