import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Checkbox, DatePicker, Select, TimePicker } from 'antd';
import dayjs from 'dayjs';
import { useId, useState, type ReactNode } from 'react';
import { patientChoice, useSearch } from '../../components/PatientSelect';
import { resourcesOf, searchPage } from '../../api/fhir';
import { usePreferences } from '../../i18n/preferences';
import { escapeValue } from '../worklist/search';
import { findPatients } from './api';
import { isFoundBy, roleOptions, type Directory, type Option } from './directory';
import {
  actorOf, codingOf, conceptToken, referenceOf, referenceToken, tokenOf, wholeDay, type Conditions, type Hours,
} from './policy';
import type { Problem } from './problems';
import { usePolicyTexts } from './texts';
import {
  actions, categories, consentActions, dataTypes, interfaces, modalities, nameOf, patientTypes, purposes, resourceTypes, securityLabels, systems,
  weekdays, type Label,
} from './vocabulary';
import { endOf, type Names } from './words';

interface OptionGroup {
  readonly label: string;
  readonly title: string;
  readonly options: readonly Option[];
}

interface FieldProps {
  readonly name: keyof Conditions & keyof ReturnType<typeof usePolicyTexts>['fields'];
  readonly dimension?: number;
  readonly wide?: boolean;
  readonly problems: readonly Problem[];
  readonly children: (id: string, wrong: boolean) => ReactNode;
}

/** A label, its control and what is wrong with it. */
function FieldFrame({ name, dimension, wide = false, problems, children }: FieldProps): ReactNode {
  const texts = usePolicyTexts();
  const id = useId();
  const own = problems.filter(p => p.field === name);
  return (
    <div className={wide ? 'field wide' : 'field'} data-field={name}>
      <label htmlFor={id}>
        {texts.fields[name]}
        {dimension !== undefined && <span className="small quiet"> · {texts.dimensionNumber(dimension)}</span>}
      </label>
      {children(id, own.length > 0)}
      {own.map(p => (
        <div className="wrong small" role="alert" key={p.text}>{p.text}</div>
      ))}
    </div>
  );
}

interface ChoicesProps {
  readonly id: string;
  readonly name: keyof ReturnType<typeof usePolicyTexts>['placeholders'];
  readonly wrong: boolean;
  readonly value: readonly string[];
  readonly options: readonly (Option | OptionGroup)[];
  readonly nameOfToken: (token: string) => string;
  readonly onChange: (tokens: string[]) => void;
  readonly onSearch?: (text: string) => void;
  readonly searching?: boolean;
  readonly emptyText?: string;
}

/** Several choices, found by typing; what is chosen but not on offer keeps its name. */
function Choices({ id, name, wrong, value, options, nameOfToken, onChange, onSearch, searching, emptyText }: ChoicesProps): ReactNode {
  const texts = usePolicyTexts();
  const offered = new Set(options.flatMap(o => ('options' in o ? o.options.map(i => i.value) : [o.value])));
  const missing = value.filter(token => !offered.has(token)).map(token => ({ value: token, label: nameOfToken(token) }));
  return (
    <Select<string[]>
      id={id}
      mode="multiple"
      value={[...value]}
      onChange={onChange}
      {...(wrong ? { status: 'error' as const } : {})}
      placeholder={texts.any}
      aria-label={texts.placeholders[name]}
      allowClear
      maxTagCount={6}
      style={{ width: '100%' }}
      loading={searching === true}
      showSearch={
        onSearch
          ? { filterOption: false, onSearch }
          : { filterOption: (text, option) => isFoundBy(text, option) }
      }
      notFoundContent={emptyText ?? texts.nothingFound}
      options={[...missing, ...options] as { value: string; label: string }[]}
    />
  );
}

/** The elements of the chosen tokens: those that are there stay as they are. */
function pick<T>(existing: readonly T[], tokens: readonly string[], token: (element: T) => string, make: (token: string) => T): T[] {
  return tokens.map(t => existing.find(e => token(e) === t) ?? make(t));
}

function concept(token: string): fhir4.CodeableConcept {
  return { coding: [codingOf(token)] };
}

interface Props {
  readonly value: Conditions;
  readonly directory: Directory;
  readonly names: Names;
  readonly problems: readonly Problem[];
  readonly onChange: (change: Partial<Conditions>) => void;
}

/** The dimensions of one provision as fields. An empty field says nothing about its dimension. */
export function ConditionFields({ value, directory, names, problems, onChange }: Props): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const fromWords = (words: ReadonlyMap<string, Label>, prefix = ''): Option[] =>
    [...words.keys()].map(code => ({ value: prefix + code, label: nameOf(words, code, language), search: code }));
  const group = (label: string, options: readonly Option[]): OptionGroup => ({ label, title: label, options });
  const { roles, rolesAt } = roleOptions(directory.departments, language);
  const name = (token: string): string => names(token) ?? token.slice(token.lastIndexOf('|') + 1);
  const patients = useSearch((text, signal) => findPatients(text, signal));
  const exams = useSearch(findExams);
  const split = (words: ReadonlyMap<string, Label>, system: string): [Option[], Option[]] => {
    const all = fromWords(words);
    return [all.filter(o => o.value.startsWith(`${system}|`)), all.filter(o => !o.value.startsWith(`${system}|`))];
  };
  const relations = ['own-ward', 'own-today', 'attending', 'treating', 'examined', 'other-dept', 'not-author', 'outside'];
  const isRelation = (o: Option): boolean => relations.includes(o.value.slice(o.value.lastIndexOf('|') + 1));
  const kinds = fromWords(patientTypes);
  const departmentCodings = directory.departments.map(d => ({
    value: `${systems.department}|${codingOf(d.value).code ?? ''}`,
    label: d.label,
    search: d.search ?? '',
  }));
  const [levels, sensitivities] = split(securityLabels, systems.confidentiality);
  const actionToken = (a: fhir4.CodeableConcept): string => conceptToken(a);

  return (
    <div className="fields">
      <h4>{texts.who}</h4>
      <FieldFrame name="users" dimension={9} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="users" wrong={wrong}
            value={value.users.map(a => referenceToken(a.reference))}
            options={[
              group(texts.groups.roles, roles),
              group(texts.groups.people, directory.people),
              group(texts.groups.departments, directory.departments),
              group(texts.groups.teams, directory.teams),
              group(texts.groups.rolesAt, rolesAt),
            ]}
            nameOfToken={name}
            onChange={tokens => onChange({ users: pick(value.users, tokens, a => referenceToken(a.reference), t => actorOf('user', t)) })}
          />
        )}
      </FieldFrame>
      <FieldFrame name="clients" dimension={8} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="clients" wrong={wrong}
            value={value.clients.map(a => referenceToken(a.reference))}
            options={directory.clients}
            nameOfToken={name}
            onChange={tokens => onChange({ clients: pick(value.clients, tokens, a => referenceToken(a.reference), t => actorOf('system', t)) })}
          />
        )}
      </FieldFrame>

      <h4>{texts.what}</h4>
      <FieldFrame name="actions" problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="actions" wrong={wrong}
            value={value.actions.map(actionToken)}
            options={fromWords(actions, `${systems.action}|`)}
            nameOfToken={token => nameOf(token.startsWith(systems.consentAction) ? consentActions : actions, codingOf(token).code ?? '', language)}
            onChange={tokens => onChange({ actions: pick(value.actions, tokens, actionToken, concept) })}
          />
        )}
      </FieldFrame>
      <FieldFrame name="interfaces" dimension={2} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="interfaces" wrong={wrong}
            value={value.interfaces}
            options={fromWords(interfaces)}
            nameOfToken={token => token}
            onChange={tokens => onChange({ interfaces: tokens })}
          />
        )}
      </FieldFrame>
      <FieldFrame name="dataTypes" dimension={3} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="dataTypes" wrong={wrong}
            value={value.dataTypes.map(tokenOf)}
            options={[
              group(texts.groups.hospital, fromWords(dataTypes, `${systems.dataType}|`)),
              group(texts.groups.resources, fromWords(resourceTypes, `${systems.resourceType}|`)),
            ]}
            nameOfToken={token => codingOf(token).code ?? token}
            onChange={tokens => onChange({ dataTypes: pick(value.dataTypes, tokens, tokenOf, codingOf) })}
          />
        )}
      </FieldFrame>
      <FieldFrame name="categories" dimension={3} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="categories" wrong={wrong}
            value={value.categories.map(conceptToken)}
            options={fromWords(categories)}
            nameOfToken={name}
            onChange={tokens => onChange({ categories: pick(value.categories, tokens, conceptToken, concept) })}
          />
        )}
      </FieldFrame>
      <FieldFrame name="sources" dimension={1} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="sources" wrong={wrong}
            value={value.sources.map(tokenOf)}
            options={directory.sources}
            nameOfToken={name}
            onChange={tokens => onChange({ sources: pick(value.sources, tokens, tokenOf, codingOf) })}
          />
        )}
      </FieldFrame>
      <FieldFrame name="dataPeriod" dimension={7} problems={problems}>
        {(id, wrong) => <PeriodField id={id} wrong={wrong} value={value.dataPeriod} onChange={dataPeriod => onChange({ dataPeriod })} />}
      </FieldFrame>
      <FieldFrame name="patientTypes" dimension={4} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="patientTypes" wrong={wrong}
            value={value.patientTypes.map(conceptToken)}
            options={[
              group(texts.groups.encounter, kinds.filter(o => !isRelation(o))),
              group(texts.groups.relation, kinds.filter(isRelation)),
              group(texts.groups.examinedBy, departmentCodings),
            ]}
            nameOfToken={name}
            onChange={tokens => onChange({ patientTypes: pick(value.patientTypes, tokens, conceptToken, concept) })}
          />
        )}
      </FieldFrame>
      <FieldFrame name="labels" dimension={4} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="labels" wrong={wrong}
            value={value.labels.map(tokenOf)}
            options={[group(texts.groups.level, levels), group(texts.groups.sensitivity, sensitivities)]}
            nameOfToken={name}
            onChange={tokens => onChange({ labels: pick(value.labels, tokens, tokenOf, codingOf) })}
          />
        )}
      </FieldFrame>
      <FieldFrame name="subjects" dimension={5} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="subjects" wrong={wrong}
            value={value.subjects.map(d => referenceToken(d.reference))}
            options={[
              ...(patients.found.length > 0 ? [group(texts.groups.patients, patients.found.map(patientChoice))] : []),
              ...(directory.groups.length > 0 ? [group(texts.groups.patientGroups, directory.groups)] : []),
            ]}
            nameOfToken={name}
            onSearch={patients.search}
            searching={patients.searching}
            emptyText={patients.text === '' ? texts.placeholders.subjects : patients.searching ? texts.typeToSearch : texts.nothingFound}
            onChange={tokens =>
              onChange({
                subjects: pick(value.subjects, tokens, d => referenceToken(d.reference), t => ({
                  meaning: t.startsWith('Group/') ? 'dependents' : 'instance',
                  reference: referenceOf(t),
                })),
              })
            }
          />
        )}
      </FieldFrame>
      <FieldFrame name="examItems" dimension={6} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="examItems" wrong={wrong}
            value={value.examItems.map(conceptToken)}
            options={[
              group(texts.groups.exams, directory.examItems),
              group(texts.groups.modalities, modalities.map(m => ({ value: `${systems.modality}|${m}`, label: m }))),
              group(texts.groups.departments, departmentCodings),
            ]}
            nameOfToken={name}
            onChange={tokens => onChange({ examItems: pick(value.examItems, tokens, conceptToken, concept) })}
          />
        )}
      </FieldFrame>
      <FieldFrame name="exams" dimension={6} problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="exams" wrong={wrong}
            value={value.exams.map(d => referenceToken(d.reference))}
            options={exams.found}
            nameOfToken={token =>
              value.exams.find(d => referenceToken(d.reference) === token)?.reference.display ?? name(token)
            }
            onSearch={exams.search}
            searching={exams.searching}
            emptyText={exams.text === '' ? texts.placeholders.exams : exams.searching ? texts.typeToSearch : texts.nothingFound}
            onChange={tokens =>
              onChange({
                exams: pick(value.exams, tokens, d => referenceToken(d.reference), t => {
                  const display = exams.found.find(o => o.value === t)?.label;
                  return { meaning: 'related', reference: { reference: t, ...(display === undefined ? {} : { display }) } };
                }),
              })
            }
          />
        )}
      </FieldFrame>
      <FieldFrame name="purposes" problems={problems}>
        {(id, wrong) => (
          <Choices
            id={id} name="purposes" wrong={wrong}
            value={value.purposes.map(tokenOf)}
            options={fromWords(purposes, `${systems.purpose}|`)}
            nameOfToken={name}
            onChange={tokens => onChange({ purposes: pick(value.purposes, tokens, tokenOf, codingOf) })}
          />
        )}
      </FieldFrame>

      <h4>{texts.when}</h4>
      <FieldFrame name="period" dimension={10} problems={problems}>
        {(id, wrong) => <PeriodField id={id} wrong={wrong} value={value.period} onChange={period => onChange({ period })} />}
      </FieldFrame>
      <FieldFrame name="hours" dimension={10} wide problems={problems}>
        {id => <HoursField id={id} value={value.hours} onChange={hours => onChange({ hours })} />}
      </FieldFrame>
    </div>
  );
}

/** Orders by accession or order number, or of a patient by number. */
async function findExams(text: string, signal: AbortSignal): Promise<readonly Option[]> {
  for (const parameter of ['identifier', 'subject:Patient.identifier']) {
    const bundle = await searchPage('ServiceRequest', { [parameter]: escapeValue(text), _count: '20', _sort: '-authored' }, signal);
    const found = resourcesOf<fhir4.ServiceRequest>(bundle, 'ServiceRequest');
    if (found.length > 0) {
      return found.map(order => {
        const code = order.code?.text ?? order.code?.coding?.[0]?.display ?? order.code?.coding?.[0]?.code ?? '';
        const number = order.identifier?.[0]?.value ?? '';
        return { value: `ServiceRequest/${order.id ?? ''}`, label: [code, (order.authoredOn ?? '').slice(0, 10), number].filter(t => t !== '').join(' ') };
      });
    }
  }
  return [];
}

interface PeriodProps {
  readonly id: string;
  readonly wrong: boolean;
  readonly value: fhir4.Period | undefined;
  readonly onChange: (period: fhir4.Period | undefined) => void;
}

/** Days, both included; or minutes when the user asks for them. An open end is an open end. */
function PeriodField({ id, wrong, value, onChange }: PeriodProps): ReactNode {
  const texts = usePolicyTexts();
  const [wantsTime, setWantsTime] = useState(false);
  const withTime = wantsTime || [value?.start, value?.end].some(t => t?.includes('T') === true);
  const write = (day: dayjs.Dayjs | null | undefined, old: string | undefined): string | undefined => {
    if (day === null || day === undefined) return undefined;
    // What is not changed stays as it was written.
    if (old !== undefined && dayjs(old).isSame(day, withTime ? 'minute' : 'day') && old.includes('T') === withTime) return old;
    return withTime ? day.second(0).format('YYYY-MM-DDTHH:mm:ssZ') : day.format('YYYY-MM-DD');
  };
  return (
    <div className="period">
      <DatePicker.RangePicker
        id={{ start: id, end: `${id}-end` }}
        allowEmpty={[true, true]}
        {...(wrong ? { status: 'error' as const } : {})}
        showTime={withTime ? { format: 'HH:mm' } : false}
        format={withTime ? 'YYYY-MM-DD HH:mm' : 'YYYY-MM-DD'}
        value={[value?.start === undefined ? null : dayjs(value.start), value?.end === undefined ? null : dayjs(value.end)]}
        onChange={days => {
          const start = write(days?.[0], value?.start);
          const end = write(days?.[1], value?.end);
          onChange(start === undefined && end === undefined ? undefined : { ...(start === undefined ? {} : { start }), ...(end === undefined ? {} : { end }) });
        }}
        style={{ flex: 1, minWidth: 0 }}
      />
      <Checkbox checked={withTime} disabled={withTime && !wantsTime} onChange={event => setWantsTime(event.target.checked)}>{texts.withTime}</Checkbox>
    </div>
  );
}

function HoursField({ id, value, onChange }: { id: string; value: readonly Hours[]; onChange: (hours: readonly Hours[]) => void }): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const change = (index: number, next: Partial<Hours>): void => onChange(value.map((h, i) => (i === index ? { ...h, ...next } : h)));
  return (
    <div className="hours" id={id} role="group" aria-label={texts.fields.hours}>
      {value.map((hours, index) => {
        const end = hours.start === undefined ? undefined : endOf(hours.start, hours.minutes);
        return (
          <div className="hours-row" key={index}>
            <Checkbox.Group
              options={[...weekdays.keys()].map(day => ({ value: day, label: nameOf(weekdays, day, language) }))}
              value={[...hours.days]}
              onChange={days => change(index, { days })}
            />
            <TimePicker.RangePicker
              order={false}
              format="HH:mm"
              minuteStep={5}
              placeholder={[texts.wholeDay, texts.wholeDay]}
              style={{ width: 190 }}
              value={hours.start === undefined ? null : [dayjs(`2000-01-01T${hours.start}`), dayjs(`2000-01-01T${end ?? '00:00'}`)]}
              onChange={times => {
                const [from, to] = [times?.[0], times?.[1]];
                if (!from || !to) {
                  change(index, { start: undefined, minutes: wholeDay });
                  return;
                }
                const minutes = (to.hour() - from.hour()) * 60 + to.minute() - from.minute();
                change(index, { start: from.format('HH:mm'), minutes: minutes > 0 ? minutes : minutes + wholeDay });
              }}
            />
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={texts.removeCondition}
              title={texts.removeCondition}
              onClick={() => onChange(value.filter((_, i) => i !== index))}
            />
          </div>
        );
      })}
      <Button
        type="dashed"
        size="small"
        icon={<PlusOutlined />}
        onClick={() => onChange([...value, { days: ['mon', 'tue', 'wed', 'thu', 'fri'], start: '08:00', minutes: 600 }])}
      >
        {texts.addHours}
      </Button>
    </div>
  );
}
