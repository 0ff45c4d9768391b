import {
  ArrowLeftOutlined, CopyOutlined, DeleteOutlined, ExperimentOutlined, HistoryOutlined, PlusOutlined, PoweroffOutlined, SaveOutlined,
} from '@ant-design/icons';
import { useQueryClient } from '@tanstack/react-query';
import { Alert, App, Button, Collapse, Input, InputNumber, Modal, Segmented, Select, Skeleton, Space, Tag, theme } from 'antd';
import { useId, useMemo, useState, type ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { createFhir, updateFhir } from '../../api/fhir';
import { CallError } from '../../api/problem';
import { sessionState } from '../../api/session';
import { ErrorPanel } from '../../components/ErrorPanel';
import { minuteText } from '../../components/time';
import { useUnsaved } from '../../hooks/useUnsaved';
import { usePreferences } from '../../i18n/preferences';
import { ConditionFields } from './ConditionFields';
import { HistoryDrawer } from './HistoryDrawer';
import { Simulation } from './Simulation';
import { policiesKey, simulate, useNames, usePolicy, type Effect } from './api';
import { useDirectory } from './directory';
import { consentOf, formOf, newPolicy, newRule, type Conditions, type PolicyForm, type RuleForm } from './policy';
import { problemsFrom, problemsIn, type Problem } from './problems';
import { statusColours } from './status';
import { usePolicyTexts } from './texts';
import { masks, nameOf, priorities, priorityName } from './vocabulary';
import { dimensionCodes, dimensionWords, ruleWords, type Names } from './words';

/** One policy: its rules as fields, what it says in plain words, what it would change. */
export function PolicyEditorPage(): ReactNode {
  const { id } = useParams();
  const { data, error, refetch } = usePolicy(id === 'new' ? undefined : id);
  if (id === 'new') return <Editor key="new" stored={undefined} onReload={() => undefined} />;
  if (error) return <ErrorPanel error={error} onRetry={() => void refetch()} />;
  if (data === undefined) return <main className="work padded"><Skeleton active /></main>;
  return <Editor key={`${data.id ?? ''}/${data.meta?.versionId ?? ''}`} stored={data} onReload={() => void refetch()} />;
}

type Doing = 'save' | 'activate' | 'deactivate';

interface Simulated {
  /** What it was asked for; another content makes it stale. */
  readonly content: string;
  readonly effects?: readonly Effect[];
  readonly error?: Error;
}

function Editor({ stored, onReload }: { stored: fhir4.Consent | undefined; onReload: () => void }): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const { token } = theme.useToken();
  const { message, modal } = App.useApp();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const directory = useDirectory();
  const start = useMemo(() => (stored === undefined ? newPolicy : formOf(stored)), [stored]);
  const [form, setForm] = useState<PolicyForm>(start);
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [refusal, setRefusal] = useState<Error>();
  const [opened, setOpened] = useState<string[]>(stored === undefined || start.rules.length === 1 ? ['0'] : []);
  const [history, setHistory] = useState(false);
  const [doing, setDoing] = useState<Doing>();
  const [confirming, setConfirming] = useState<Doing>();
  const [simulated, setSimulated] = useState<Simulated>();
  const titleId = useId();

  const draft = useMemo(() => consentOf(form, stored), [form, stored]);
  const named = useMemo(() => [draft], [draft]);
  const names = useNames(directory.names, named);
  const content = JSON.stringify(draft);
  const dirty = stored === undefined ? form !== newPolicy : JSON.stringify(form) !== JSON.stringify(start);
  const status = stored?.status ?? 'draft';
  const active = status === 'active';
  useUnsaved(dirty && doing === undefined, texts);

  const change = (next: Partial<PolicyForm>): void => {
    setForm(old => ({ ...old, ...next }));
    setProblems([]);
    setRefusal(undefined);
  };
  const changeRule = (index: number, next: Partial<RuleForm>): void =>
    change({
      rules: form.rules.map((rule, i) => {
        if (i !== index) return rule;
        const changed = { ...rule, ...next };
        return changed.effect === 'deny' ? { ...changed, mask: undefined } : changed;
      }),
    });
  const changeConditions = (index: number, next: Partial<Conditions>): void => {
    const rule = form.rules[index];
    if (rule !== undefined) changeRule(index, { conditions: { ...rule.conditions, ...next } });
  };

  /** Shows problems where they are; tells whether there are any. */
  const show = (found: readonly Problem[]): boolean => {
    setProblems(found);
    const panels = found.filter(p => p.field !== undefined && p.field !== 'title' && p.field !== 'rules');
    setOpened(old => [...new Set([...old, ...panels.map(p => (p.rule === undefined ? 'common' : String(p.rule)))])]);
    if (found.length > 0) setTimeout(() => document.querySelector('.editor-main .wrong[role="alert"]')?.scrollIntoView({ block: 'center' }), 100);
    return found.length > 0;
  };
  const refused = (failure: unknown): Error => {
    const cause = failure instanceof Error ? failure : new Error(String(failure));
    setRefusal(cause);
    if (cause instanceof CallError && cause.status === 422) show(problemsFrom(cause.message, language));
    return cause;
  };

  const runSimulation = async (): Promise<void> => {
    if (show(problemsIn(form, texts).filter(p => p.field !== 'title'))) return;
    setRefusal(undefined);
    setSimulated({ content });
    try {
      setSimulated({ content, effects: await simulate(draft) });
    } catch (failure) {
      const cause = refused(failure);
      setSimulated(cause instanceof CallError && cause.status === 422 ? undefined : { content, error: cause });
    }
  };

  const write = async (what: Doing): Promise<void> => {
    setDoing(what);
    setRefusal(undefined);
    const session = sessionState();
    const user = session.kind === 'signedIn' ? session.user : undefined;
    const next: fhir4.Consent = {
      ...draft,
      ...(what === 'activate' ? { status: 'active' } : what === 'deactivate' ? { status: 'inactive' } : {}),
      dateTime: new Date().toISOString(),
      ...(user?.fhirUser === undefined ? {} : { performer: [{ reference: user.fhirUser, display: user.displayName }] }),
    };
    try {
      const written = stored === undefined ? await createFhir(next) : await updateFhir(next);
      void message.success(
        what === 'activate' ? texts.activated : what === 'deactivate' ? texts.deactivated : active ? texts.savedActive : texts.saved,
      );
      queryClient.setQueryData(['policy', written.id], written);
      void queryClient.invalidateQueries({ queryKey: policiesKey });
      if (stored === undefined) void navigate(`/policies/${written.id ?? ''}`, { replace: true });
    } catch (failure) {
      if (failure instanceof CallError && (failure.status === 409 || failure.status === 412)) {
        void modal.warning({ title: texts.conflict, content: texts.conflictText, okText: texts.reload, onOk: onReload });
      } else {
        refused(failure);
      }
    } finally {
      setDoing(undefined);
    }
  };

  const ask = (what: Doing): void => {
    if (what !== 'deactivate' && show(problemsIn(form, texts))) return;
    if (what === 'save' && !active) {
      void write('save');
      return;
    }
    setConfirming(what);
    if (what !== 'deactivate' && simulated?.content !== content) void runSimulation();
  };

  const problemsOf = (rule: number | undefined): readonly Problem[] => problems.filter(p => p.rule === rule);
  const unplaced = problems.filter(p => p.field === undefined || (p.rule === undefined && p.field === 'rules'));
  const titleProblem = problems.find(p => p.field === 'title');
  const commonWords = dimensionWords(form.common, names, language);
  const hasCommon = dimensionCodes.some(code => commonWords[code].length > 0);

  return (
    <main className="work" style={{ background: token.colorBgLayout }}>
      <header className="page-head">
        <Link to="/policies" className="back"><ArrowLeftOutlined /> {texts.back}</Link>
        <Tag color={statusColours[status] ?? 'default'} variant="filled" data-testid="policy-status">{texts.statuses[status] ?? status}</Tag>
        {stored !== undefined && (
          <span className="small quiet">{texts.versionN(stored.meta?.versionId ?? '')} · {minuteText(stored.meta?.lastUpdated)}</span>
        )}
        {dirty && <span className="small unsaved">{texts.unsaved}</span>}
        <span className="push" />
        <Space size={8}>
          {stored !== undefined && <Button icon={<HistoryOutlined />} onClick={() => setHistory(true)}>{texts.history}</Button>}
          {dirty && stored !== undefined && <Button onClick={() => change(start)}>{texts.discard}</Button>}
          {active && <Button danger icon={<PoweroffOutlined />} loading={doing === 'deactivate'} onClick={() => ask('deactivate')}>{texts.deactivate}</Button>}
          {(dirty || stored === undefined) && (
            <Button icon={<SaveOutlined />} type={active ? 'primary' : 'default'} loading={doing === 'save'} onClick={() => ask('save')}>
              {active ? texts.saveActive : stored === undefined || status === 'draft' ? texts.saveDraft : texts.save}
            </Button>
          )}
          {!active && <Button type="primary" icon={<PoweroffOutlined />} loading={doing === 'activate'} onClick={() => ask('activate')}>{texts.activate}</Button>}
        </Space>
      </header>
      <div className="editor">
        <div className="editor-main">
          {directory.error && <Alert type="warning" showIcon title={directory.error.message} />}
          {refusal !== undefined && (
            <Alert
              type="error"
              showIcon
              title={texts.refused}
              description={
                unplaced.length > 0
                  ? unplaced.map(p => <div key={p.text}>{p.text}</div>)
                  : problems.length > 0
                    ? undefined
                    : refusal.message
              }
            />
          )}
          {refusal === undefined && unplaced.map(p => <Alert key={p.text} type="error" showIcon title={p.text} />)}
          <section className="card" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
            <div className="fields">
              <div className="field" data-field="title">
                <label htmlFor={titleId}>{texts.title}</label>
                <Input
                  id={titleId}
                  value={form.title}
                  onChange={event => change({ title: event.target.value })}
                  placeholder={texts.titlePlaceholder}
                  autoFocus={stored === undefined}
                  {...(titleProblem ? { status: 'error' as const } : {})}
                  autoComplete="off"
                />
                {titleProblem && <div className="wrong small" role="alert">{titleProblem.text}</div>}
              </div>
              <div className="field">
                <label htmlFor={`${titleId}-en`}>{texts.titleEn}<span className="small quiet"> · {texts.optional}</span></label>
                <Input id={`${titleId}-en`} value={form.titleEn} onChange={event => change({ titleEn: event.target.value })} autoComplete="off" />
              </div>
            </div>
          </section>
          <Collapse
            activeKey={opened}
            onChange={keys => setOpened(Array.isArray(keys) ? keys.map(String) : [String(keys)])}
            items={[
              ...form.rules.map((rule, index) => ({
                key: String(index),
                label: <RuleHead index={index} form={form} rule={rule} names={names} wrong={problemsOf(index).length > 0} />,
                extra: (
                  <Space size={0} onClick={event => event.stopPropagation()}>
                    <Button
                      type="text" size="small" icon={<CopyOutlined />} aria-label={texts.copyRule} title={texts.copyRule}
                      onClick={() => {
                        change({ rules: [...form.rules.slice(0, index + 1), rule, ...form.rules.slice(index + 1)] });
                        setOpened([String(index + 1)]);
                      }}
                    />
                    {form.rules.length > 1 && (
                      <Button
                        type="text" size="small" danger icon={<DeleteOutlined />} aria-label={texts.removeRule} title={texts.removeRule}
                        onClick={() => change({ rules: form.rules.filter((_, i) => i !== index) })}
                      />
                    )}
                  </Space>
                ),
                children: (
                  <div data-rule={index}>
                    <RuleBasics rule={rule} problems={problemsOf(index)} onChange={next => changeRule(index, next)} />
                    <ConditionFields
                      value={rule.conditions}
                      directory={directory}
                      names={names}
                      problems={problemsOf(index)}
                      onChange={next => changeConditions(index, next)}
                    />
                  </div>
                ),
              })),
              {
                key: 'common',
                label: (
                  <span>
                    <span className="strong">{texts.common}</span>{' '}
                    <span className="small quiet">
                      {hasCommon
                        ? dimensionCodes.flatMap(code => commonWords[code]).slice(0, 6).join(language === 'zh' ? '、' : ', ')
                        : texts.any}
                    </span>
                  </span>
                ),
                children: (
                  <div data-rule="common">
                    <p className="quiet small">{texts.commonHelp}</p>
                    <ConditionFields
                      value={form.common}
                      directory={directory}
                      names={names}
                      problems={problemsOf(undefined)}
                      onChange={next => change({ common: { ...form.common, ...next } })}
                    />
                  </div>
                ),
              },
            ]}
          />
          <Button
            type="dashed"
            block
            icon={<PlusOutlined />}
            onClick={() => {
              change({ rules: [...form.rules, newRule] });
              setOpened([String(form.rules.length)]);
            }}
          >
            {texts.addRule}
          </Button>
        </div>
        <aside className="editor-side">
          <section className="card" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
            <h3>{texts.summary}</h3>
            <Sentences form={form} names={names} />
            <p className="small quiet">{texts.combination}</p>
          </section>
          <section className="card" style={{ background: token.colorBgContainer, borderColor: token.colorBorderSecondary }}>
            <div className="card-head">
              <h3>{texts.simulate}</h3>
              <Button size="small" icon={<ExperimentOutlined />} onClick={() => void runSimulation()}>{texts.simulate}</Button>
            </div>
            {simulated === undefined ? (
              <p className="small quiet">{texts.simulateHelp}</p>
            ) : (
              <Simulation effects={simulated.effects} error={simulated.error} stale={simulated.content !== content} directory={directory} />
            )}
          </section>
        </aside>
      </div>
      <Modal
        open={confirming !== undefined}
        onCancel={() => setConfirming(undefined)}
        title={confirming === 'deactivate' ? texts.deactivateTitle : confirming === 'activate' ? texts.activateTitle : texts.saveActive}
        okText={confirming === 'deactivate' ? texts.deactivate : confirming === 'activate' ? texts.activate : texts.save}
        okButtonProps={{
          danger: confirming === 'deactivate',
          disabled: confirming !== 'deactivate' && (refusal !== undefined || (simulated?.content === content && simulated.effects === undefined)),
        }}
        onOk={() => {
          const what = confirming;
          setConfirming(undefined);
          if (what !== undefined) void write(what);
        }}
        width={640}
        destroyOnHidden
      >
        <p>{confirming === 'deactivate' ? texts.deactivateText : texts.activateText}</p>
        {confirming !== 'deactivate' && (
          <>
            <Sentences form={form} names={names} />
            <div className="in-modal">
              {simulated !== undefined && (
                <Simulation effects={simulated.effects} error={simulated.error} stale={simulated.content !== content} directory={directory} />
              )}
            </div>
          </>
        )}
      </Modal>
      <HistoryDrawer open={history} onClose={() => setHistory(false)} policy={stored} names={names} />
    </main>
  );
}

function RuleHead({ index, form, rule, names, wrong }: { index: number; form: PolicyForm; rule: RuleForm; names: Names; wrong: boolean }): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const words = ruleWords(form.common, rule, names, language, 3);
  return (
    <span className="rule-head">
      <span className={wrong ? 'strong wrong' : 'strong'}>{texts.rule(index + 1)}</span>
      <Tag color={rule.effect === 'permit' ? 'green' : 'red'} variant="filled">{texts.effects[rule.effect]}</Tag>
      <span className="small quiet">{priorityName(rule.priority, language)}</span>
      <span className="small one-line">{`${words.who}　${words.what}`}</span>
    </span>
  );
}

function RuleBasics({ rule, problems, onChange }: { rule: RuleForm; problems: readonly Problem[]; onChange: (next: Partial<RuleForm>) => void }): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const id = useId();
  const wrong = (field: string): ReactNode => {
    const own = problems.find(p => p.field === field);
    return own && <div className="wrong small" role="alert">{own.text}</div>;
  };
  const level = priorities.find(p => p.value === rule.priority);
  return (
    <div className="basics">
      <div className="field" data-field="effect">
        <span className="label">{texts.effect}<span className="small quiet"> · {texts.dimensionNumber(11)}</span></span>
        <Segmented<'permit' | 'deny'>
          aria-label={texts.effect}
          className={rule.effect}
          value={rule.effect}
          onChange={effect => onChange({ effect })}
          options={[{ value: 'permit', label: texts.effects.permit }, { value: 'deny', label: texts.effects.deny }]}
        />
        {wrong('effect')}
      </div>
      <div className="field" data-field="priority">
        <label htmlFor={`${id}-priority`} title={texts.priorityHelp}>{texts.priority}</label>
        <Space.Compact>
          <Select<number>
            id={`${id}-priority`}
            style={{ width: 132 }}
            value={level?.value ?? -1}
            onChange={priority => onChange({ priority })}
            options={[
              ...priorities.map(p => ({ value: p.value, label: p.label[language] })),
              ...(level === undefined ? [{ value: -1, label: '—', disabled: true }] : []),
            ]}
          />
          <InputNumber
            aria-label={texts.priority}
            style={{ width: 84 }}
            min={0}
            max={1000}
            precision={0}
            value={rule.priority}
            onChange={priority => {
              if (priority !== null) onChange({ priority });
            }}
          />
        </Space.Compact>
        {wrong('priority')}
      </div>
      <div className="field" data-field="mask">
        <label htmlFor={`${id}-mask`}>{texts.mask}</label>
        <Select<string>
          id={`${id}-mask`}
          style={{ width: 190 }}
          disabled={rule.effect === 'deny'}
          value={rule.mask ?? ''}
          onChange={mask => onChange({ mask: mask === '' ? undefined : mask })}
          options={[
            ...(rule.mask === 'none' ? [] : [{ value: '', label: nameOf(masks, 'none', language) }]),
            ...(rule.mask === 'none' ? [{ value: 'none', label: nameOf(masks, 'none', language) }] : []),
            { value: 'name', label: nameOf(masks, 'name', language) },
            { value: 'demographics', label: nameOf(masks, 'demographics', language) },
          ]}
        />
        {wrong('mask')}
      </div>
    </div>
  );
}

function Sentences({ form, names }: { form: PolicyForm; names: Names }): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  return (
    <ol className="sentences">
      {form.rules.map((rule, index) => {
        const words = ruleWords(form.common, rule, names, language, 6);
        return (
          <li key={index} className={rule.effect}>
            {texts.sentence(texts.effects[rule.effect], words.who, words.what, words.when)}
            {rule.mask !== undefined && rule.mask !== 'none' && ` ${nameOf(masks, rule.mask, language)}。`}
          </li>
        );
      })}
    </ol>
  );
}
