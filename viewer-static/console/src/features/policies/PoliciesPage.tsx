import { PlusOutlined, QuestionCircleOutlined, SearchOutlined } from '@ant-design/icons';
import { Button, Empty, Input, Select, Table, Tag, Tooltip, theme, type TableColumnsType } from 'antd';
import { useMemo, useState, type ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { ErrorPanel } from '../../components/ErrorPanel';
import { minuteText } from '../../components/time';
import { usePreferences } from '../../i18n/preferences';
import { ExplainDrawer } from './ExplainDrawer';
import { useNames, usePolicies } from './api';
import { useDirectory } from './directory';
import { formOf, type PolicyForm } from './policy';
import { statusColours } from './status';
import { usePolicyTexts } from './texts';
import { priorityName } from './vocabulary';
import { dimensionWords, dimensionCodes, periodWords, ruleWords, type Names } from './words';

interface Row {
  readonly policy: fhir4.Consent;
  readonly form: PolicyForm;
  /** Everything that a search may find it by. */
  readonly haystack: string;
}

const shownRules = 3;

function rowOf(policy: fhir4.Consent, names: Names): Row {
  const form = formOf(policy);
  const words = (['zh', 'en'] as const).flatMap(language =>
    [form.common, ...form.rules.map(r => r.conditions)].flatMap(c => {
      const said = dimensionWords(c, names, language);
      return dimensionCodes.flatMap(code => said[code]);
    }),
  );
  return { policy, form, haystack: [form.title, form.titleEn, policy.id, ...words].join('\n').toLowerCase() };
}

/** What policies there are, in plain words. */
export function PoliciesPage(): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const { token } = theme.useToken();
  const navigate = useNavigate();
  const [search, setSearch] = useState('');
  const [status, setStatus] = useState<string>();
  const [effect, setEffect] = useState<'permit' | 'deny'>();
  const [explaining, setExplaining] = useState(false);
  const { data, error, isPending, refetch } = usePolicies();
  const directory = useDirectory();
  const policies = useMemo(() => data ?? [], [data]);
  const names = useNames(directory.names, policies);
  const rows = useMemo(
    () =>
      policies
        .map(policy => rowOf(policy, names))
        .sort((a, b) => {
          const order = (r: Row): number => (r.policy.status === 'active' ? 0 : r.policy.status === 'draft' ? 1 : 2);
          const highest = (r: Row): number => Math.max(0, ...r.form.rules.map(rule => rule.priority));
          return order(a) - order(b) || highest(b) - highest(a) || a.form.title.localeCompare(b.form.title, 'zh-CN');
        }),
    [policies, names],
  );
  const needle = search.trim().toLowerCase();
  const shown = rows.filter(
    r =>
      (status === undefined || r.policy.status === status) &&
      (effect === undefined || r.form.rules.some(rule => rule.effect === effect)) &&
      needle.split(/\s+/).every(word => r.haystack.includes(word)),
  );

  const columns: TableColumnsType<Row> = [
    {
      key: 'title',
      title: texts.title,
      width: '21%',
      render: (_, { policy, form }) => {
        const title = language === 'en' && form.titleEn !== '' ? form.titleEn : form.title;
        return (
          <>
            <div className="strong clamp-2" title={title}>{title || policy.id}</div>
            <Tag className="state" color={statusColours[policy.status] ?? 'default'} variant="filled">{texts.statuses[policy.status] ?? policy.status}</Tag>
          </>
        );
      },
    },
    {
      key: 'rules',
      title: (
        <div className="rule-line">
          <span>{texts.effect}</span><span>{texts.who}</span><span>{texts.what}</span><span>{texts.when}</span>
        </div>
      ),
      render: (_, { form }) => (
        <div className="rule-lines">
          {form.rules.slice(0, shownRules).map((rule, index) => {
            const words = ruleWords(form.common, rule, names, language, 3);
            const whole = ruleWords(form.common, rule, names, language, Infinity);
            return (
              <div className="rule-line" key={index}>
                <span>
                  <Tag color={rule.effect === 'permit' ? 'green' : 'red'} variant="filled">{texts.effects[rule.effect]}</Tag>
                  <span className="small quiet">{priorityName(rule.priority, language)}</span>
                </span>
                <span className="clamp-2" title={whole.who}>{words.who}</span>
                <span className="clamp-2" title={whole.what}>{words.what}</span>
                <span className="clamp-2" title={whole.when}>{words.when}</span>
              </div>
            );
          })}
          {form.rules.length > shownRules && <div className="small quiet">{texts.moreRules(form.rules.length - shownRules)}</div>}
        </div>
      ),
    },
    {
      key: 'validity',
      title: texts.validity,
      width: 132,
      render: (_, { form }) => {
        const periods = [form.common, ...form.rules.map(r => r.conditions)].map(c => periodWords(c.period, language)).filter(t => t !== '');
        return periods.length === 0 ? <span className="quiet">{texts.openEnded}</span> : [...new Set(periods)].map(p => <div key={p}>{p}</div>);
      },
    },
    {
      key: 'version',
      title: texts.changed,
      width: 144,
      render: (_, { policy }) => (
        <>
          <div>{texts.versionN(policy.meta?.versionId ?? '')}</div>
          <div className="small quiet">{minuteText(policy.meta?.lastUpdated)}</div>
        </>
      ),
    },
  ];

  const open = (row: Row): void => void navigate(`/policies/${row.policy.id ?? ''}`);
  return (
    <main className="work" style={{ background: token.colorBgLayout }}>
      <div className="filters" role="search">
        <Input
          className="search"
          value={search}
          onChange={event => setSearch(event.target.value)}
          placeholder={texts.searchPlaceholder}
          aria-label={texts.searchPlaceholder}
          prefix={<SearchOutlined className="quiet" />}
          allowClear
          autoComplete="off"
          name="policy-search"
        />
        <Select<string>
          aria-label={texts.status}
          value={status ?? ''}
          onChange={value => setStatus(value === '' ? undefined : value)}
          style={{ width: 128 }}
          options={[{ value: '', label: texts.allStatuses }, ...['active', 'draft', 'inactive'].map(value => ({ value, label: texts.statuses[value] }))]}
        />
        <Select<string>
          aria-label={texts.effect}
          value={effect ?? ''}
          onChange={value => setEffect(value === '' ? undefined : (value as 'permit' | 'deny'))}
          style={{ width: 128 }}
          options={[{ value: '', label: texts.allEffects }, ...(['permit', 'deny'] as const).map(value => ({ value, label: texts.effects[value] }))]}
        />
        <span className="push" />
        <Button icon={<QuestionCircleOutlined />} onClick={() => setExplaining(true)}>{texts.explain}</Button>
        <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate('/policies/new')}>{texts.newPolicy}</Button>
      </div>
      <section
        className="list"
        aria-label={texts.policies}
        style={{ background: token.colorBgContainer, border: `1px solid ${token.colorBorderSecondary}` }}
      >
        <div className="rows">
          {error ? (
            <ErrorPanel error={error} onRetry={() => void refetch()} />
          ) : (
            <Table<Row>
              size="small"
              tableLayout="fixed"
              sticky
              rowKey={row => row.policy.id ?? ''}
              columns={columns}
              dataSource={shown}
              loading={isPending}
              pagination={false}
              onRow={row => ({
                onClick: () => open(row),
                onKeyDown: event => {
                  if (event.key === 'Enter') open(row);
                },
                tabIndex: 0,
                'data-policy': row.policy.id,
                'data-status': row.policy.status,
              })}
              locale={{
                emptyText: (
                  <div className="center">
                    {!isPending && (
                      <Empty
                        image={Empty.PRESENTED_IMAGE_SIMPLE}
                        description={
                          <>
                            <div>{rows.length === 0 ? texts.noPolicies : texts.noMatch}</div>
                            {rows.length > 0 && <div className="small quiet">{texts.noMatchHint}</div>}
                          </>
                        }
                      />
                    )}
                  </div>
                ),
              }}
            />
          )}
        </div>
        <footer className="foot" style={{ borderTop: `1px solid ${token.colorBorderSecondary}` }}>
          <span className="quiet" data-testid="policy-count" aria-live="polite">{data === undefined ? '' : texts.count(shown.length, rows.length)}</span>
          <Tooltip title={texts.priorityHelp}><span className="quiet small">{texts.priorityHelp}</span></Tooltip>
        </footer>
      </section>
      <ExplainDrawer open={explaining} onClose={() => setExplaining(false)} directory={directory} policies={policies} names={names} />
    </main>
  );
}
