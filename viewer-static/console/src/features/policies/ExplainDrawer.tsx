import { CheckCircleFilled, CloseCircleFilled, MinusCircleOutlined } from '@ant-design/icons';
import { Alert, Button, DatePicker, Drawer, Input, Segmented, Select, Tag } from 'antd';
import dayjs from 'dayjs';
import { useId, useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import { CallError } from '../../api/problem';
import { ErrorPanel } from '../../components/ErrorPanel';
import { PatientSelect } from '../../components/PatientSelect';
import { usePreferences } from '../../i18n/preferences';
import { explain, type ConsideredPolicy, type Explanation } from './api';
import { codingOf, formOf } from './policy';
import type { Directory, Option } from './directory';
import { usePolicyTexts } from './texts';
import { actions, dimensions, interfaces, nameOf, priorityName, purposes } from './vocabulary';
import { ruleWords, type Names } from './words';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly directory: Directory;
  readonly policies: readonly fhir4.Consent[];
  readonly names: Names;
}

type Kind = 'patient' | 'study' | 'resource';

/** Asks the hub why somebody may or may not do something. */
export function ExplainDrawer({ open, onClose, directory, policies, names }: Props): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const [user, setUser] = useState<string>();
  const [client, setClient] = useState<string>();
  const [door, setDoor] = useState('fhir-rest');
  const [action, setAction] = useState('view');
  const [purpose, setPurpose] = useState<string>();
  const [instant, setInstant] = useState<dayjs.Dayjs | null>(null);
  const [kind, setKind] = useState<Kind>('patient');
  const [patient, setPatient] = useState<string>();
  const [study, setStudy] = useState('');
  const [resource, setResource] = useState('');
  const [missing, setMissing] = useState<'actor' | 'resource'>();
  const [answer, setAnswer] = useState<Explanation>();
  const [failure, setFailure] = useState<Error>();
  const [asking, setAsking] = useState(false);
  const id = useId();

  const ask = async (): Promise<void> => {
    const what = kind === 'patient' ? patient : kind === 'study' ? study.trim() : resource.trim();
    if (user === undefined && client === undefined) {
      setMissing('actor');
      return;
    }
    if (what === undefined || what === '') {
      setMissing('resource');
      return;
    }
    setMissing(undefined);
    setAsking(true);
    setFailure(undefined);
    setAnswer(undefined);
    try {
      const code = (token: string | undefined): string | undefined => (token === undefined ? undefined : codingOf(token).code);
      setAnswer(
        await explain({
          user: code(user),
          client: code(client),
          door,
          action,
          purpose,
          instant: instant?.second(0).format('YYYY-MM-DDTHH:mm:ssZ'),
          resource: kind === 'study' ? undefined : what,
          study: kind === 'study' ? what : undefined,
        }),
      );
    } catch (error) {
      setFailure(error instanceof Error ? error : new Error(String(error)));
    } finally {
      setAsking(false);
    }
  };

  const field = (name: string, label: string, control: ReactNode, wrong?: string): ReactNode => (
    <div className="field" data-field={name}>
      <label htmlFor={`${id}-${name}`}>{label}</label>
      {control}
      {wrong !== undefined && <div className="wrong small" role="alert">{wrong}</div>}
    </div>
  );
  const select = (
    name: string,
    value: string | undefined,
    options: readonly Option[],
    onChange: (value: string | undefined) => void,
    placeholder?: string,
  ): ReactNode => (
    <Select<string>
      id={`${id}-${name}`}
      value={value ?? null}
      onChange={onChange}
      options={[...options]}
      {...(placeholder === undefined ? {} : { placeholder, allowClear: true })}
      showSearch={{ optionFilterProp: 'label' }}
      style={{ width: '100%' }}
    />
  );
  const choices = (words: ReadonlyMap<string, unknown>, naming: (code: string) => string): Option[] =>
    [...words.keys()].map(value => ({ value, label: naming(value) }));

  return (
    <Drawer open={open} onClose={onClose} title={texts.explainTitle} size={720}>
      <p className="quiet">{texts.explainHelp}</p>
      <form
        className="fields"
        onSubmit={event => {
          event.preventDefault();
          void ask();
        }}
      >
        {field('user', texts.explainUser, select('user', user, directory.people, setUser, texts.explainUserNone), missing === 'actor' ? texts.needActor : undefined)}
        {field('client', texts.explainClient, select('client', client, directory.clients, setClient, texts.explainClientAny))}
        {field('interface', texts.explainInterface, select('interface', door, choices(interfaces, c => nameOf(interfaces, c, language)), v => setDoor(v ?? 'fhir-rest')))}
        {field('action', texts.explainAction, select('action', action, choices(actions, c => nameOf(actions, c, language)), v => setAction(v ?? 'view')))}
        {field('purpose', texts.explainPurpose, select('purpose', purpose, choices(purposes, c => nameOf(purposes, c, language)), setPurpose, texts.any))}
        {field('instant', texts.explainWhen, (
          <DatePicker
            id={`${id}-instant`}
            showTime={{ format: 'HH:mm' }}
            format="YYYY-MM-DD HH:mm"
            placeholder={texts.now}
            value={instant}
            onChange={setInstant}
            style={{ width: '100%' }}
          />
        ))}
        <div className="field wide" data-field="resource">
          <label htmlFor={`${id}-resource`}>{texts.explainResource}</label>
          <div className="row">
            <Segmented<Kind>
              value={kind}
              onChange={setKind}
              options={(['patient', 'study', 'resource'] as const).map(value => ({ value, label: texts.explainWhat[value] }))}
            />
            <div className="grow">
              {kind === 'patient' && (
                <PatientSelect
                  id={`${id}-resource`}
                  value={patient}
                  label={texts.explainWhat.patient}
                  placeholder={texts.placeholders.subjects}
                  hint={texts.typeToSearch}
                  nothing={texts.nothingFound}
                  onChange={setPatient}
                />
              )}
              {kind === 'study' && (
                <Input id={`${id}-resource`} value={study} onChange={e => setStudy(e.target.value)} placeholder={texts.studyPlaceholder} autoComplete="off" />
              )}
              {kind === 'resource' && (
                <Input id={`${id}-resource`} value={resource} onChange={e => setResource(e.target.value)} placeholder={texts.resourcePlaceholder} autoComplete="off" />
              )}
            </div>
            <Button type="primary" htmlType="submit" loading={asking}>{texts.ask}</Button>
          </div>
          {missing === 'resource' && <div className="wrong small" role="alert">{texts.needResource}</div>}
        </div>
      </form>
      {failure !== undefined &&
        (failure instanceof CallError && failure.status === 404 ? <Alert type="warning" showIcon title={texts.resourceAbsent} /> : <ErrorPanel error={failure} />)}
      {answer !== undefined && <Answer answer={answer} policies={policies} names={names} />}
    </Drawer>
  );
}

interface AnswerProps {
  readonly answer: Explanation;
  readonly policies: readonly fhir4.Consent[];
  readonly names: Names;
}

/** A decision with its grounds. */
export function Answer({ answer, policies, names }: AnswerProps): ReactNode {
  const texts = usePolicyTexts();
  const permitted = answer.decision === 'permit';
  const deciding = new Set(answer.deciding.map(p => `${p.reference}#${p.rule ?? ''}`));
  const others = answer.considered.filter(p => !deciding.has(`${p.reference}#${p.rule ?? ''}`));
  const details = new Map(answer.considered.map(p => [`${p.reference}#${p.rule ?? ''}`, p]));
  return (
    <section className="answer" data-testid="explanation" data-decision={answer.decision} aria-live="polite">
      <Alert
        type={permitted ? 'success' : 'error'}
        showIcon
        title={<span className="strong">{permitted ? texts.permit : texts.deny}</span>}
        description={
          <>
            {answer.deciding.length === 0 && <div>{answer.scopes === 'no' ? texts.scopesDeny : texts.decidedByDefault}</div>}
            {answer.obligations.map(o => <div key={o}>{texts.obligations[o] ?? o}</div>)}
            {answer.errors.map(e => <div key={e}>{e}</div>)}
          </>
        }
      />
      {answer.deciding.length > 0 && <h4>{texts.decidedBy}</h4>}
      {answer.deciding.map(p => {
        const key = `${p.reference}#${p.rule ?? ''}`;
        return <Considered key={key} policy={{ ...p, ...details.get(key) }} policies={policies} names={names} decisive />;
      })}
      {others.length > 0 && <h4>{texts.considered}</h4>}
      {others.map(p => <Considered key={`${p.reference}#${p.rule ?? ''}`} policy={p} policies={policies} names={names} />)}
    </section>
  );
}

function Considered({ policy, policies, names, decisive = false }: { policy: ConsideredPolicy; policies: readonly fhir4.Consent[]; names: Names; decisive?: boolean }): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const id = policy.reference.slice('Consent/'.length);
  const stored = policies.find(p => p.id === id);
  const form = stored === undefined ? undefined : formOf(stored);
  const rule = policy.rule === undefined ? undefined : form?.rules[policy.rule];
  const words = form !== undefined && rule !== undefined ? ruleWords(form.common, rule, names, language) : undefined;
  const title = form === undefined ? '' : language === 'en' && form.titleEn !== '' ? form.titleEn : form.title;
  const verdicts = [
    ...policy.dimensions.map(d => ({ code: nameOf(dimensions, d.code, language), verdict: d.verdict })),
    ...(policy.labelGate !== undefined && policy.labelGate !== 'yes' ? [{ code: texts.labelGate, verdict: policy.labelGate }] : []),
  ];
  return (
    <article className={decisive ? 'considered decisive' : 'considered'} data-policy={id}>
      <header>
        {policy.effect !== undefined && (
          <Tag color={policy.effect === 'permit' ? 'green' : 'red'} variant="filled">{policy.effect === 'permit' ? texts.effects.permit : texts.effects.deny}</Tag>
        )}
        <Link to={`/policies/${id}`}>{title || id}</Link>
        {policy.rule !== undefined && <span className="quiet small">{texts.rule(policy.rule + 1)}</span>}
        <span className="push" />
        {policy.priority !== undefined && <span className="quiet small">{priorityName(policy.priority, language)}</span>}
        <Tag>{policy.verdict === 'yes' ? texts.applies : policy.verdict === 'unknown' ? texts.unknown : decisive ? texts.applies : texts.nearMiss}</Tag>
      </header>
      {words && <div className="small">{[words.who, words.what, words.when].join(language === 'zh' ? '，' : ', ')}</div>}
      <ul className="verdicts small">
        {verdicts.map(v => (
          <li key={v.code} className={v.verdict}>
            {v.verdict === 'yes' ? <CheckCircleFilled /> : v.verdict === 'no' ? <CloseCircleFilled /> : <MinusCircleOutlined />}
            {v.code}
            <span className="quiet"> {texts.verdicts[v.verdict] ?? v.verdict}</span>
          </li>
        ))}
      </ul>
    </article>
  );
}
