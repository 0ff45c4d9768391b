import { EyeInvisibleOutlined, EyeOutlined, TeamOutlined } from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Empty, Input, Progress, Segmented, Select, Skeleton, Switch, Table, Tag, Timeline, theme } from 'antd';
import { useEffect, useId, useMemo, useRef, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { CallError } from '../../api/problem';
import { ErrorPanel } from '../../components/ErrorPanel';
import { PatientSelect } from '../../components/PatientSelect';
import { minuteText } from '../../components/time';
import { useSession } from '../../hooks/useSession';
import { usePreferences, useTexts } from '../../i18n/preferences';
import { ActorChoices } from '../policies/ActorChoices';
import { patientName, patientNumber, usePolicies } from '../policies/api';
import { useDirectory, type Directory } from '../policies/directory';
import { actorOf, formOf } from '../policies/policy';
import { actions, nameOf, securityLabels, systems } from '../policies/vocabulary';
import { actorName } from '../policies/words';
import {
  ReasonNotKept, reasonOf, saveTeam, setLabels, specialPatientsKey, useIdentities, useLevelHistory, useSpecialPatients, useTeam, whoSees, type Seen,
} from './api';
import { highest, labelsOf, levelChanges, levels, type Labels, type Level } from './levels';
import { useSpecialTexts } from './texts';

const levelColours: Readonly<Record<Level, string>> = { N: 'default', R: 'orange', V: 'red' };

/** The level of a patient as a small mark; its sensitivities beside it. */
function LabelTags({ labels }: { labels: Labels }): ReactNode {
  const texts = useSpecialTexts();
  const { language } = usePreferences();
  return (
    <span className="label-tags">
      <Tag color={levelColours[labels.level]} variant="filled" data-level={labels.level}>{texts.levels[labels.level]} {labels.level}</Tag>
      {labels.sensitivities.map(code => (
        <Tag key={code} variant="outlined">{nameOf(securityLabels, `${systems.actCode}|${code}`, language)}</Tag>
      ))}
    </span>
  );
}

/** Who is special, how far, who may see them all the same, and since when. */
export function SpecialPatientsPage(): ReactNode {
  const texts = useSpecialTexts();
  const common = useTexts();
  const { token } = theme.useToken();
  const [chosen, setChosen] = useState<string>();
  const { data, error, isPending, refetch } = useSpecialPatients();
  const special = data ?? [];
  return (
    <main className="work two-columns" style={{ background: token.colorBgLayout }}>
      <section className="card column" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
        <h3>{texts.find}</h3>
        <PatientSelect
          value={chosen}
          label={texts.find}
          placeholder={texts.findPlaceholder}
          hint={texts.typeToSearch}
          nothing={texts.nothingFound}
          onChange={setChosen}
        />
        <div className="card-head spaced">
          <h3>{texts.list}</h3>
          <span className="small quiet" data-testid="special-count">{data === undefined ? '' : texts.count(special.length)}</span>
        </div>
        {error ? (
          <ErrorPanel error={error} onRetry={() => void refetch()} />
        ) : isPending ? (
          <Skeleton active title={false} />
        ) : special.length === 0 ? (
          <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={texts.none} />
        ) : (
          <ul className="choice-list" aria-label={texts.list}>
            {special.map(patient => {
              const reference = `Patient/${patient.id ?? ''}`;
              return (
                <li key={reference}>
                  <button type="button" aria-pressed={chosen === reference} data-patient={patientNumber(patient)} onClick={() => setChosen(reference)}>
                    <span className="row">
                      <span className="strong one-line grow">{patientName(patient)}</span>
                      <LabelTags labels={labelsOf(patient)} />
                    </span>
                    <span className="small quiet">
                      {[patientNumber(patient), genderText(patient, common), patient.birthDate].filter(t => t !== undefined && t !== '').join(' · ')}
                    </span>
                  </button>
                </li>
              );
            })}
          </ul>
        )}
      </section>
      <div className="column">
        {chosen === undefined ? (
          <section className="card whole" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
            <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><div>{texts.choose}</div><div className="small quiet">{texts.chooseHint}</div></>} />
          </section>
        ) : (
          <SpecialPatient key={chosen} reference={chosen} />
        )}
      </div>
    </main>
  );
}

function genderText(patient: fhir4.Patient, texts: ReturnType<typeof useTexts>): string {
  return patient.gender === undefined ? '' : texts[patient.gender];
}

function SpecialPatient({ reference }: { reference: string }): ReactNode {
  const texts = useSpecialTexts();
  const common = useTexts();
  const { token } = theme.useToken();
  const directory = useDirectory();
  const session = useSession();
  // Heads of departments set levels; who is assigned, and the policies behind, are the steward's.
  const steward = session.kind === 'signedIn' && session.user.roles.includes('steward');
  const { data, error, refetch } = useIdentities(reference);
  const card = { background: token.colorBgContainer, borderColor: token.colorBorderSecondary };
  if (error) return <section className="card" style={card}><ErrorPanel error={error} onRetry={() => void refetch()} /></section>;
  const patient = data?.[0];
  if (data === undefined || patient === undefined) return <section className="card" style={card}><Skeleton active /></section>;
  const effective = highest(data.map(labelsOf));
  return (
    <>
      <section className="card" style={card} data-testid="special-patient">
        <div className="row">
          <h2 className="patient-title">{patientName(patient)}</h2>
          <span className="quiet">{[genderText(patient, common), patient.birthDate].filter(t => t !== undefined && t !== '').join(' · ')}</span>
          <span className="push" />
          <span className="small quiet">{texts.effective}</span>
          <LabelTags labels={effective} />
        </div>
        <div className="small quiet">{texts.identitiesHelp}</div>
        <Table<fhir4.Patient>
          className="spaced"
          size="small"
          rowKey={row => row.id ?? ''}
          pagination={false}
          dataSource={data}
          columns={[
            { key: 'id', title: texts.identities, render: (_, row) => <>{patientNumber(row)} <span className="small quiet">{systemName(row)}</span></> },
            { key: 'name', title: common.patient, render: (_, row) => patientName(row) },
            { key: 'level', title: texts.level, render: (_, row) => <LabelTags labels={labelsOf(row)} /> },
            { key: 'updated', title: '', width: 140, render: (_, row) => <span className="small quiet">{minuteText(row.meta?.lastUpdated)}</span> },
          ]}
        />
      </section>
      <div className="two-cards">
        <SetLevel key={patient.meta?.versionId} patient={patient} card={card} />
        {steward && <Team patients={data.map(p => `Patient/${p.id ?? ''}`)} card={card} directory={directory} />}
      </div>
      {steward && <WhoSees reference={reference} version={data.map(p => p.meta?.versionId ?? '').join('/')} card={card} directory={directory} />}
      <History patient={patient} card={card} directory={directory} />
    </>
  );
}

function systemName(patient: fhir4.Patient): string {
  const system = patient.identifier?.[0]?.system ?? '';
  return system.slice(system.lastIndexOf('/') + 1);
}

interface CardProps {
  readonly card: { readonly background: string; readonly borderColor: string };
}

function SetLevel({ patient, card }: CardProps & { patient: fhir4.Patient }): ReactNode {
  const texts = useSpecialTexts();
  const { language } = usePreferences();
  const { message, modal } = App.useApp();
  const queryClient = useQueryClient();
  const session = useSession();
  const now = labelsOf(patient);
  const [labels, setNext] = useState<Labels>(now);
  const [reason, setReason] = useState('');
  const [wrong, setWrong] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const id = useId();
  const changed = labels.level !== now.level || [...labels.sensitivities].sort().join() !== [...now.sensitivities].sort().join();

  const write = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await setLabels(patient, labels, reason.trim(), session.kind === 'signedIn' ? session.user : undefined);
      void message.success(texts.applied);
    } catch (error) {
      if (error instanceof ReasonNotKept) void message.warning(texts.reasonNotKept);
      else setFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
    void queryClient.invalidateQueries({ queryKey: ['identities'] });
    void queryClient.invalidateQueries({ queryKey: specialPatientsKey });
  };
  const apply = (): void => {
    if (reason.trim() === '') {
      setWrong(true);
      return;
    }
    if (levels.indexOf(labels.level) < levels.indexOf(now.level)) {
      void modal.confirm({ title: texts.lowerTitle, content: texts.lowerText, okText: texts.apply, cancelText: texts.cancel, onOk: write });
    } else {
      void write();
    }
  };
  return (
    <section className="card" style={card}>
      <h3>{texts.setLevel}</h3>
      <div className="stack">
        <Segmented<Level>
          aria-label={texts.level}
          block
          value={labels.level}
          onChange={level => setNext(old => ({ ...old, level }))}
          options={levels.map(level => ({ value: level, label: `${texts.levels[level]} ${level}` }))}
        />
        <div className="small quiet">{texts.levelHelp[labels.level]}</div>
        <div className="field">
          <label htmlFor={`${id}-s`}>{texts.sensitivities}</label>
          <Select<string[]>
            id={`${id}-s`}
            mode="multiple"
            value={[...labels.sensitivities]}
            onChange={sensitivities => setNext(old => ({ ...old, sensitivities }))}
            placeholder={texts.noSensitivities}
            options={[...securityLabels.keys()]
              .filter(t => t.startsWith(`${systems.actCode}|`))
              .map(t => ({ value: t.slice(systems.actCode.length + 1), label: nameOf(securityLabels, t, language) }))}
            showSearch={{ optionFilterProp: 'label' }}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-r`}>{texts.reason}</label>
          <Input
            id={`${id}-r`}
            name="level-reason"
            value={reason}
            maxLength={200}
            autoComplete="off"
            placeholder={texts.reasonPlaceholder}
            {...(wrong && reason.trim() === '' ? { status: 'error' as const } : {})}
            onChange={event => setReason(event.target.value)}
          />
          {wrong && reason.trim() === '' && <div className="wrong small" role="alert">{texts.needReason}</div>}
        </div>
        {failure !== undefined && (
          <Alert
            type="error"
            showIcon
            title={failure instanceof CallError && (failure.status === 409 || failure.status === 412) ? texts.conflict : failure.message}
          />
        )}
        <Button type="primary" disabled={!changed} loading={busy} onClick={apply}>{texts.apply}</Button>
      </div>
    </section>
  );
}

function Team({ patients, card, directory }: CardProps & { patients: readonly string[]; directory: Directory }): ReactNode {
  const texts = useSpecialTexts();
  const { data, error, refetch } = useTeam(patients[0]);
  return (
    <section className="card" style={card} data-testid="special-team">
      <h3><TeamOutlined /> {texts.team}</h3>
      {error ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton active title={false} />
      ) : (
        <TeamForm key={data?.meta?.versionId ?? ''} stored={data} patients={patients} directory={directory} />
      )}
    </section>
  );
}

function TeamForm({ stored, patients, directory }: { stored: fhir4.Consent | null; patients: readonly string[]; directory: Directory }): ReactNode {
  const texts = useSpecialTexts();
  const { language } = usePreferences();
  const { message } = App.useApp();
  const queryClient = useQueryClient();
  const session = useSession();
  const rule = stored === null || stored.status !== 'active' ? undefined : formOf(stored).rules[0]?.conditions;
  const [users, setUsers] = useState(rule?.users ?? []);
  const [can, setCan] = useState<readonly string[]>(rule?.actions.flatMap(a => a.coding?.[0]?.code ?? []) ?? ['view']);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Error>();
  const id = useId();
  const save = async (): Promise<void> => {
    setBusy(true);
    setFailure(undefined);
    try {
      const chosen = can.map(code => ({ coding: [{ system: systems.action, code }] }));
      await saveTeam(patients, stored, { users, actions: chosen }, texts.teamTitle, session.kind === 'signedIn' ? session.user : undefined);
      void message.success(texts.teamSaved);
      void queryClient.invalidateQueries({ queryKey: ['special-team'] });
      void queryClient.invalidateQueries({ queryKey: ['policies'] });
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="stack">
      <div className="small quiet">{texts.teamHelp}</div>
      <ActorChoices
        label={texts.team}
        placeholder={texts.teamPlaceholder}
        value={users}
        directory={directory}
        onChange={setUsers}
        make={token => actorOf('user', token)}
      />
      <div className="field">
        <label htmlFor={`${id}-a`}>{texts.teamActions}</label>
        <Select<string[]>
          id={`${id}-a`}
          mode="multiple"
          value={[...can]}
          onChange={setCan}
          options={['view', 'save', 'modify', 'print', 'download'].map(value => ({ value, label: nameOf(actions, value, language) }))}
        />
      </div>
      {failure !== undefined && <Alert type="error" showIcon title={failure.message} />}
      <Button loading={busy} disabled={can.length === 0 && users.length > 0} onClick={() => void save()}>{texts.saveTeam}</Button>
      {stored !== null && <Link to={`/policies/${stored.id ?? ''}`} className="small">{formOf(stored).title}</Link>}
    </div>
  );
}

function WhoSees({ reference, version, card, directory }: CardProps & { reference: string; version: string; directory: Directory }): ReactNode {
  const texts = useSpecialTexts();
  const { language } = usePreferences();
  const { data: policies } = usePolicies();
  const [rows, setRows] = useState<readonly Seen[]>();
  const [onlyCan, setOnlyCan] = useState(true);
  const [failure, setFailure] = useState<Error>();
  const control = useRef<AbortController>(undefined);
  useEffect(() => () => control.current?.abort(), []);
  const actors = useMemo(() => {
    const code = (token: string): string => token.slice(token.lastIndexOf('|') + 1);
    return [
      ...directory.people.map(p => ({ kind: 'user' as const, code: code(p.value) })),
      ...directory.clients.map(c => ({ kind: 'client' as const, code: code(c.value) })),
    ];
  }, [directory]);
  const [asked, setAsked] = useState(version);
  const check = (): void => {
    control.current?.abort();
    const own = new AbortController();
    control.current = own;
    setAsked(version);
    setRows([]);
    setFailure(undefined);
    whoSees(reference, actors, seen => setRows(old => [...(old ?? []), seen]), own.signal).catch((error: unknown) => {
      if (!own.signal.aborted) setFailure(error instanceof Error ? error : new Error(String(error)));
    });
  };
  const answered = (rows ?? []).filter(r => r.answer !== undefined);
  const can = answered.filter(r => r.answer?.decision === 'permit');
  const shown = [...(onlyCan ? can : answered)].sort((a, b) => (a.answer?.decision === b.answer?.decision ? 0 : a.answer?.decision === 'permit' ? -1 : 1));
  const nameOfActor = (r: Seen): string =>
    actorName(r.kind === 'user' ? `Practitioner?${systems.user}|${r.code}` : `Device?${systems.client}|${r.code}`, directory.names, language);
  const because = (r: Seen): ReactNode => {
    const deciding = r.answer?.deciding[0];
    if (deciding === undefined) return r.answer?.considered.some(p => p.labelGate === 'no') === true ? texts.byGate : texts.byDefault;
    const id = deciding.reference.slice('Consent/'.length);
    const policy = policies?.find(p => p.id === id);
    const form = policy === undefined ? undefined : formOf(policy);
    const title = language === 'en' && form?.titleEn !== undefined && form.titleEn !== '' ? form.titleEn : form?.title;
    return <Link to={`/policies/${id}`}>{title ?? id}</Link>;
  };
  return (
    <section className="card" style={card} data-testid="who-sees">
      <div className="card-head">
        <h3>{texts.who}</h3>
        <span className="small quiet grow">{rows === undefined || asked !== version ? texts.whoHelp : ''}</span>
        {rows !== undefined && asked === version && (
          <>
            <span className="small">{texts.canSee(can.length)} · <span className="quiet">{texts.cannotSee(answered.length - can.length)}</span></span>
            <label className="small"><Switch size="small" checked={onlyCan} onChange={setOnlyCan} /> {texts.onlyCan}</label>
          </>
        )}
        <Button size="small" onClick={check} disabled={actors.length === 0}>{texts.check}</Button>
      </div>
      {failure !== undefined && <ErrorPanel error={failure} />}
      {rows !== undefined && asked === version && (
        <>
          {rows.length < actors.length && failure === undefined && (
            <Progress percent={Math.round((100 * rows.length) / Math.max(1, actors.length))} size="small" format={() => texts.checking(rows.length, actors.length)} />
          )}
          <Table<Seen>
            size="small"
            rowKey={r => `${r.kind} ${r.code}`}
            pagination={false}
            dataSource={shown}
            onRow={r => ({ className: r.answer?.decision ?? '', 'data-actor': r.code })}
            columns={[
              {
                key: 'who',
                title: `${texts.person} / ${texts.systemActor}`,
                width: '34%',
                render: (_, r) => <>{nameOfActor(r)} <span className="small quiet">{r.kind === 'user' ? r.code : `${texts.systemActor} · ${r.code}`}</span></>,
              },
              {
                key: 'decision',
                title: texts.decision,
                width: 180,
                render: (_, r) =>
                  r.answer?.decision === 'permit' ? (
                    <>
                      <Tag color="green" variant="filled" icon={<EyeOutlined />}>{texts.yes}</Tag>
                      {(r.answer.obligations.includes('mask-name') || r.answer.obligations.includes('mask-demographics')) && <Tag>{texts.masked}</Tag>}
                    </>
                  ) : (
                    <Tag variant="filled" icon={<EyeInvisibleOutlined />}>{texts.no}</Tag>
                  ),
              },
              { key: 'because', title: texts.because, render: (_, r) => because(r) },
            ]}
          />
        </>
      )}
    </section>
  );
}

function History({ patient, card, directory }: CardProps & { patient: fhir4.Patient; directory: Directory }): ReactNode {
  const texts = useSpecialTexts();
  const { data, error, refetch } = useLevelHistory(`Patient/${patient.id ?? ''}`, patient.meta?.versionId);
  return (
    <section className="card" style={card} data-testid="level-history">
      <h3>{texts.history}</h3>
      {error ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton active title={false} />
      ) : (
        <Timeline
          items={levelChanges(data.versions).map(change => {
            const flag = reasonOf(data.flags, change.at);
            const by = flag?.author;
            return {
              key: change.at,
              color: change.to.level === 'V' ? 'red' : change.to.level === 'R' ? 'orange' : 'gray',
              content: (
                <div>
                  <span className="row">
                    {change.from !== undefined && <><LabelTags labels={change.from} /><span className="quiet">→</span></>}
                    <LabelTags labels={change.to} />
                    <span className="small quiet">
                      {minuteText(change.at)}
                      {by === undefined ? '' : ` · ${by.display ?? directory.names(by.reference ?? '') ?? ''}`}
                    </span>
                  </span>
                  <div className={flag === undefined ? 'small quiet' : 'small'}>
                    {flag?.code.text ?? (change.from === undefined ? texts.registered : texts.reasonUnknown)}
                  </div>
                </div>
              ),
            };
          })}
        />
      )}
    </section>
  );
}
