import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Descriptions, Empty, Input, InputNumber, Segmented, Skeleton, Tag, theme } from 'antd';
import { useId, useMemo, useState, type ReactNode } from 'react';
import { operate, partsOf, searchAll, valueOf } from '../../api/fhir';
import { CallError } from '../../api/problem';
import { ErrorPanel } from '../../components/ErrorPanel';
import { minuteText } from '../../components/time';
import { usePreferences } from '../../i18n/preferences';
import { patientName, patientNumber } from '../policies/api';
import { dataTypes, nameOf, purposes } from '../policies/vocabulary';
import { accessTaskOf, statisticsOf, type AccessTask, type TaskState } from './task';
import { useApprovalTexts } from './texts';

const taskType = 'https://trefoil-hub.org/fhir/CodeSystem/task-type';
const stateColours: Readonly<Record<TaskState, string>> = { open: 'gold', approved: 'green', rejected: 'red', reviewed: 'blue' };

interface Loaded {
  readonly tasks: readonly AccessTask[];
  readonly patients: ReadonlyMap<string, fhir4.Patient>;
  readonly people: ReadonlyMap<string, string>;
  readonly at: number;
}

async function load(signal: AbortSignal): Promise<Loaded> {
  const found = await searchAll<fhir4.Task>(
    'Task',
    { code: ['access-request', 'break-glass-review'].map(code => `${taskType}|${code}`).join(','), _sort: '-authored-on' },
    signal,
  );
  const tasks = found.flatMap(t => accessTaskOf(t) ?? []);
  const ids = [...new Set(tasks.flatMap(t => t.patient?.slice('Patient/'.length) ?? []))];
  const patients = ids.length === 0 ? [] : await searchAll<fhir4.Patient>('Patient', { _id: ids.join(',') }, signal);
  const people = await searchAll<fhir4.Practitioner>('Practitioner', {}, signal);
  return {
    tasks,
    patients: new Map(patients.map(p => [`Patient/${p.id ?? ''}`, p])),
    people: new Map(people.flatMap(p => {
      const user = p.identifier?.find(i => i.system === 'https://trefoil-hub.org/fhir/sid/user')?.value;
      const name = p.name?.[0]?.text;
      return user === undefined || name === undefined ? [] : [[user, name] as const];
    })),
    at: Date.now(),
  };
}

/** Requests for access and accesses in an emergency: what waits for a decision, and what became of the others. */
export function ApprovalsPage(): ReactNode {
  const texts = useApprovalTexts();
  const { token } = theme.useToken();
  const [which, setWhich] = useState<'open' | 'decided'>('open');
  const [chosen, setChosen] = useState<string>();
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['access-tasks'],
    queryFn: ({ signal }) => load(signal),
    refetchInterval: 30_000,
  });
  const card = { background: token.colorBgContainer, borderColor: token.colorBorderSecondary };
  const shown = useMemo(() => (data?.tasks ?? []).filter(t => (t.state === 'open') === (which === 'open')), [data, which]);
  const task = data?.tasks.find(t => t.id === chosen);
  const person = (user: string | undefined): string => (user === undefined ? '' : (data?.people.get(user) ?? user));
  const patientText = (t: AccessTask): string => {
    const patient = t.patient === undefined ? undefined : data?.patients.get(t.patient);
    return patient === undefined ? (t.patient ?? texts.unmatched) : `${patientName(patient)}（${patientNumber(patient)}）`;
  };
  if (error) return <main className="work padded"><ErrorPanel error={error} onRetry={() => void refetch()} /></main>;
  const numbers = data === undefined ? undefined : statisticsOf(data.tasks, data.at);
  return (
    <main className="work" style={{ background: token.colorBgLayout }}>
      <dl className="figures" data-testid="approval-figures">
        {numbers !== undefined &&
          ([
            [texts.openCount, numbers.open],
            [texts.lateCount, numbers.late],
            [texts.approvedCount, numbers.approved],
            [texts.rejectedCount, numbers.rejected],
            [texts.reviewedCount, numbers.reviewed],
            [texts.median, numbers.medianMinutes === undefined ? '—' : texts.minutes(numbers.medianMinutes)],
          ] as const).map(([label, value]) => (
            <div className="card" style={card} key={label}>
              <dt className="small quiet">{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <div className="two-columns grow below">
        <section className="card column" style={card}>
          <Segmented<'open' | 'decided'>
            block
            value={which}
            onChange={next => {
              setWhich(next);
              setChosen(undefined);
            }}
            options={[{ value: 'open', label: texts.open }, { value: 'decided', label: texts.decided }]}
          />
          {isPending ? (
            <Skeleton active title={false} />
          ) : shown.length === 0 ? (
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={which === 'open' ? texts.none : texts.noneDecided} />
          ) : (
            <ul className="choice-list" aria-label={which === 'open' ? texts.open : texts.decided}>
              {shown.map(t => (
                <li key={t.id}>
                  <button type="button" aria-pressed={chosen === t.id} data-task={t.id} data-kind={t.kind} onClick={() => setChosen(t.id)}>
                    <span className="row">
                      <span className="strong one-line grow">{person(t.requester)} → {patientText(t)}</span>
                      {t.state === 'open' ? (
                        <Tag color={t.kind === 'break-glass-review' ? 'red' : 'gold'} variant="filled">{texts.kinds[t.kind]}</Tag>
                      ) : (
                        <Tag color={stateColours[t.state]} variant="filled">{texts.states[t.state]}</Tag>
                      )}
                    </span>
                    <span className="small quiet one-line">{minuteText(t.asked)} · {t.reason}</span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </section>
        <div className="column">
          {task === undefined ? (
            <section className="card whole" style={card}>
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={texts.choose} />
            </section>
          ) : (
            <section className="card" style={card} data-testid="access-task">
              <TaskDetail task={task} patient={patientText(task)} person={person} now={data?.at ?? 0} />
              {task.state === 'open' && <Decision key={task.id} task={task} />}
            </section>
          )}
        </div>
      </div>
    </main>
  );
}

function TaskDetail({ task, patient, person, now }: { task: AccessTask; patient: string; person: (user: string | undefined) => string; now: number }): ReactNode {
  const texts = useApprovalTexts();
  const { language } = usePreferences();
  const item = (label: string, children: ReactNode): { key: string; label: string; children: ReactNode }[] =>
    children === undefined || children === '' ? [] : [{ key: label, label, children }];
  return (
    <>
      <div className="card-head">
        <h3>{texts.kinds[task.kind]}</h3>
        <Tag color={stateColours[task.state]} variant="filled" data-testid="task-state">{texts.states[task.state]}</Tag>
      </div>
      <Descriptions
        size="small"
        column={1}
        bordered
        styles={{ label: { width: 148 } }}
        items={[
          ...item(texts.requester, `${person(task.requester)}（${task.requester}）`),
          ...item(texts.patient, patient),
          ...item(texts.unmatched, task.wanted),
          ...item(texts.reason, task.reason),
          ...item(texts.purpose, task.purpose === undefined ? undefined : nameOf(purposes, task.purpose, language)),
          ...item(texts.period, task.hours === undefined ? undefined : texts.hours(task.hours)),
          ...item(texts.dataTypes, task.dataTypes.length === 0 ? texts.allData : task.dataTypes.map(t => nameOf(dataTypes, t, language)).join(' · ')),
          ...item(texts.asked, minuteText(task.asked)),
          ...item(texts.owner, task.owner),
          ...item(texts.due, task.due === undefined ? undefined : <>{minuteText(task.due)} {Date.parse(task.due) < now && <Tag color="red">{texts.late}</Tag>}</>),
          ...item(texts.decidedBy, task.decidedBy === undefined ? undefined : person(task.decidedBy)),
          ...item(texts.decidedAt, task.decided === undefined ? undefined : minuteText(task.decided)),
          ...item(texts.decision, task.decision),
          ...item(texts.until, task.until === undefined ? undefined : minuteText(task.until)),
        ]}
      />
    </>
  );
}

type Step = 'approved' | 'rejected' | 'reviewed';

function Decision({ task }: { task: AccessTask }): ReactNode {
  const texts = useApprovalTexts();
  const { language } = usePreferences();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const [hours, setHours] = useState(task.hours ?? 24);
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState<Step>();
  const [failure, setFailure] = useState<Error>();
  const id = useId();
  // Whoever may not decide is told so by the hub here, before any button is offered.
  const look = useQuery({
    queryKey: ['access-dry-run', task.id],
    queryFn: ({ signal }) => operate(`Task/${task.id}/$advance`, [{ name: 'dryRun', valueBoolean: true }], signal),
    retry: false,
  });
  if (look.isPending) return <Skeleton active title={false} />;
  if (look.error instanceof CallError && look.error.status === 403) return <Alert className="spaced" type="info" showIcon title={texts.notYours} />;
  if (look.error) return <ErrorPanel error={look.error} onRetry={() => void look.refetch()} />;
  const decide = async (to: Step): Promise<void> => {
    if (to !== 'approved' && reason.trim() === '') {
      setWrong(true);
      return;
    }
    setBusy(to);
    setFailure(undefined);
    try {
      await operate(`Task/${task.id}/$advance`, [
        { name: 'to', valueCode: to },
        ...(reason.trim() === '' ? [] : [{ name: 'reason', valueString: reason.trim() }]),
        ...(to === 'approved' ? [{ name: 'hours', valueInteger: hours }] : []),
      ]);
      void message.success(texts.done[to]);
      void queryClient.invalidateQueries({ queryKey: ['access-tasks'] });
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(undefined);
    }
  };
  const denies = (name: string): ReactNode =>
    partsOf(look.data.parameter, name).map(part => {
      const rule = valueOf(part, 'provision');
      return (
        <li key={`${valueOf(part, 'policy') ?? ''} ${rule ?? ''}`}>
          {(language === 'en' ? valueOf(part, 'titleEn') : undefined) ?? valueOf(part, 'title')} {rule !== undefined && <span className="quiet small">{texts.rule(Number(rule) + 1)}</span>}
        </li>
      );
    });
  const overrides = partsOf(look.data.parameter, 'override').length;
  const blocks = partsOf(look.data.parameter, 'blocked').length;
  return (
    <div className="stack spaced">
      {task.kind === 'access-request' && task.patient !== undefined && (
        <>
          {overrides > 0 ? (
            <Alert type="warning" showIcon title={texts.overrides} description={<ul className="plain" data-testid="overrides">{denies('override')}</ul>} />
          ) : (
            <Alert type="info" showIcon title={texts.noOverrides} />
          )}
          {blocks > 0 && <Alert type="error" showIcon title={texts.blocks} description={<ul className="plain">{denies('blocked')}</ul>} />}
        </>
      )}
      <div className="field">
        <label htmlFor={`${id}-reason`}>{texts.decision}</label>
        <Input.TextArea
          id={`${id}-reason`}
          name="decision"
          rows={2}
          maxLength={400}
          value={reason}
          placeholder={texts.decisionPlaceholder}
          {...(wrong && reason.trim() === '' ? { status: 'error' as const } : {})}
          onChange={event => setReason(event.target.value)}
        />
        {wrong && reason.trim() === '' && <div className="wrong small" role="alert">{texts.needReason}</div>}
      </div>
      {failure !== undefined && <Alert type="error" showIcon title={failure.message} />}
      <div className="row">
        {task.kind === 'access-request' && task.patient !== undefined && (
          <>
            <label htmlFor={`${id}-hours`} className="small">{texts.approveHours}</label>
            <InputNumber id={`${id}-hours`} min={1} max={72} precision={0} value={hours} onChange={value => setHours(value ?? 24)} />
            <Button type="primary" loading={busy === 'approved'} onClick={() => void decide('approved')}>{texts.approve}</Button>
          </>
        )}
        {task.kind === 'access-request' && <Button danger loading={busy === 'rejected'} onClick={() => void decide('rejected')}>{texts.reject}</Button>}
        {task.kind === 'break-glass-review' && <Button type="primary" loading={busy === 'reviewed'} onClick={() => void decide('reviewed')}>{texts.review}</Button>}
      </div>
    </div>
  );
}
