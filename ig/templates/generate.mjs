// Makes the Questionnaires and ObservationDefinitions of the hub from the sources beside it.
//   node ig/templates/generate.mjs          writes them
//   node ig/templates/generate.mjs --check  fails when what is stored is not what the sources say
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = dirname(fileURLToPath(import.meta.url));
const DATA = join(HERE, '..', 'src', 'main', 'resources', 'org', 'trefoilhub', 'ig', 'data');
const C = 'https://trefoil-hub.org/fhir';
const UCUM = 'http://unitsofmeasure.org';
const LOINC = 'http://loinc.org';
const ICD10 = 'http://hl7.org/fhir/sid/icd-10';
const SNOMED = 'http://snomed.info/sct';
const CORE = 'http://hl7.org/fhir/StructureDefinition/';
const SDC = 'http://hl7.org/fhir/uv/sdc/StructureDefinition/';

class SourceError extends Error {}

function words(id) {
  const text = id.replaceAll('-', ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `中文/English`, `中文|English` where a slash is part of the text, or Chinese alone with the id as English. */
function label(text, id) {
  const plain = text.replaceAll('_', ' ');
  const at = plain.includes('|') ? plain.indexOf('|') : plain.indexOf('/');
  return at < 0 ? { zh: plain, en: id === undefined ? plain : words(id) } : { zh: plain.slice(0, at), en: plain.slice(at + 1) };
}

function translated(english) {
  return { extension: [{ url: CORE + 'translation', extension: [{ url: 'lang', valueCode: 'en' }, { url: 'content', valueString: english }] }] };
}

/** End of the parenthesis that opens at `open`. */
function closing(text, open) {
  let depth = 0;
  let quoted = false;
  for (let i = open; i < text.length; i++) {
    if (text[i] === "'") quoted = !quoted;
    if (quoted) continue;
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth === 0) return i;
  }
  throw new SourceError(`unbalanced: ${text}`);
}

/** End of the expression that begins at `from`: a comma or a closing parenthesis of whoever holds it, or the end. */
function expressionEnd(text, from) {
  let depth = 0;
  let quoted = false;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "'") quoted = !quoted;
    if (quoted) continue;
    if (text[i] === '(') depth++;
    if (text[i] === ')' && --depth < 0) return i;
    if (text[i] === ',' && depth === 0) return i;
  }
  return text.length;
}

function macro(expression, name, replace) {
  const start = new RegExp(`(?<![A-Za-z.%])${name}\\(`);
  for (let found = start.exec(expression); found; found = start.exec(expression)) {
    const open = found.index + name.length;
    const close = closing(expression, open);
    const [text, end] = replace(expression.slice(open + 1, close).trim(), close + 1, expression);
    expression = expression.slice(0, found.index) + text + expression.slice(end);
  }
  return expression;
}

class Template {
  constructor(heading) {
    const [, code, title] = /^@ (\S+) (.+)$/.exec(heading) ?? [];
    if (!code) throw new SourceError(heading);
    this.code = code;
    this.title = label(title);
    this.items = [];
    this.context = new Map();
  }

  path(dotted) {
    const [group, id] = dotted.split('.');
    const holder = this.items.find((item) => item.id === group);
    const item = holder?.items.find((each) => each.id === id);
    if (!item) throw new SourceError(`${this.code}: no item ${dotted}`);
    return `%resource.item.where(linkId = '${group}').item.where(linkId = '${dotted}').answer.value${item.type === 'c' || item.type === 'm' ? '.code' : ''}`;
  }

  expand(source, item, scope) {
    let text = source;
    if (text.includes('.round(') && !text.startsWith('need(')) {
      // Rounding nothing is an error in some engines; what is asked for by name may be missing.
      const asked = [...new Set(names(text))].filter((name) => !text.includes(`%${name}.empty()`) && !text.includes(`%${name}.exists()`) && name !== 'resource');
      text = `need(${asked.join(', ')}) ${text}`;
    }
    text = macro(text, 'need', (args, end, all) => {
      const stop = expressionEnd(all, end);
      const missing = args.split(',').map((name) => `%${name.trim()}.empty()`).join(' or ');
      return [`iif(${missing}, {}, ${all.slice(end, stop).trim()})`, stop];
    });
    text = macro(text, 'count', (args, end) => [
      '(' + args.split(',').map((name) => `iif(%${name.trim().replaceAll('-', '_')} = true, 1, 0)`).join(' + ') + ')',
      end,
    ]);
    text = macro(text, 'score', (args, end) => {
      const asked = scope.find((each) => each.id.replaceAll('-', '_') === args);
      if (!asked) throw new SourceError(`${this.code}: score of ${args}`);
      return [asked.options.reduceRight((rest, option) => `iif(%${args} = '${option.code}', ${option.score}, ${rest})`, '{}'), end];
    });
    text = macro(text, 'all', (args, end) => [this.path(args), end]);
    text = macro(text, 'total', (args, end) => [`${this.path(args)}.select($this.toInteger()).aggregate($this + $total, 0)`, end]);
    text = macro(text, 'difference', (args, end) => {
      const all = this.path(args);
      return [`iif(${all}.count() = 2, (${all}.first() - ${all}.last()).abs(), {})`, end];
    });
    text = macro(text, 'severe', (args, end) => {
      const numbers = args.slice(1, -1).split('|').map((n) => `'${n}'`).join(' | ');
      return [
        `%resource.item.where(linkId = 'segment' and '70-99' in item.where(linkId = 'segment.stenosis').answer.value.code and item.where(linkId = 'segment.number').answer.value.code in (${numbers})).exists()`,
        end,
      ];
    });
    text = macro(text, 'olga', (args, end) => {
      const highest = (sites) => {
        const all = `%resource.item.where(linkId = 'jar' and item.where(linkId = 'jar.location').answer.value.code in (${sites})).item.where(linkId = 'jar.${args}').answer.value.code`;
        return ['3', '2', '1', '0'].reduceRight((rest, n) => `iif('${n}' in ${all}, '${n}', ${rest})`, '{}');
      };
      const key = `(${highest("'antrum' | 'angle'")} + ${highest("'corpus'")})`;
      return [
        `${key}.select(iif($this = '00', '0', iif($this in ('10' | '01' | '11'), 'I', iif($this in ('20' | '30' | '21' | '02' | '12'), 'II', iif($this in ('31' | '22' | '03' | '13'), 'III', 'IV')))))`,
        end,
      ];
    });
    return item.type === 'c' ? `%qitem.answerOption.value.where(code = (${text}))` : text;
  }
}

const ITEM = /^( *)([a-z0-9][a-z0-9-]*) ([^:]+): (.+)$/;

function parseItem(line, template, group) {
  const [, , id, text, rest] = ITEM.exec(line) ?? [];
  if (!id) throw new SourceError(`${template.code}: ${line}`);
  const item = { id, linkId: group ? `${group.id}.${id}` : id, label: label(text, id), options: [], items: [] };
  const equals = rest.search(/ = (?![^{]*\})/);
  let spec = equals < 0 ? rest : rest.slice(0, equals);
  item.source = equals < 0 ? undefined : rest.slice(equals + 3);
  const type = /^(g)(\d*)|^([qicmbstd])(?:\[([^\]]+)\](?:\(([^)]+)\))?)?/.exec(spec);
  if (!type) throw new SourceError(`${template.code}: type of ${line}`);
  spec = spec.slice(type[0].length);
  if (type[1]) {
    item.type = 'g';
    item.max = type[2] ? Number(type[2]) : 1;
    return item;
  }
  item.type = type[3];
  if (type[4]) item.unit = { display: type[4], code: type[5] ?? type[4] };
  if (spec.startsWith('{')) {
    const end = spec.indexOf('}');
    item.options = spec.slice(1, end).split('|').map((option) => {
      const [, code, name, score] = /^(\S+)(?: (?!\+\d)(.+?))?(?: \+(\d+))?$/.exec(option) ?? [];
      if (!code) throw new SourceError(`${template.code}: option ${option}`);
      return { code, label: name ? label(name, code) : { zh: code, en: code }, score };
    });
    spec = spec.slice(end + 1);
  }
  item.required = spec.startsWith('*');
  if (item.required) spec = spec.slice(1);
  for (const word of spec.trim().split(/\s+/).filter(Boolean)) {
    const range = /^(-?[\d.]+?)\.\.(-?[\d.]+)$/.exec(word);
    if (range) [item.min, item.max] = [Number(range[1]), Number(range[2])];
    else if (word.startsWith('#')) item.code = word.slice(1);
    else if (word.startsWith('?')) item.when = word.slice(1);
    else if (word === 'site' || word === 'extract') item[word] = true;
    else throw new SourceError(`${template.code}: ${word} in ${line}`);
  }
  return item;
}

function parse(text) {
  const templates = [];
  let template;
  let group;
  for (const line of text.split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue;
    if (line.startsWith('@')) {
      template = new Template(line);
      group = undefined;
      templates.push(template);
    } else if (line.startsWith(': ')) {
      for (const part of line.slice(2).split('|')) {
        const [name, ...values] = part.trim().split(/\s+/);
        template.context.set(name, values);
      }
    } else {
      const nested = line.startsWith('  ');
      const item = parseItem(line, template, nested ? group : undefined);
      (nested ? group.items : template.items).push(item);
      if (item.type === 'g') group = item;
    }
  }
  return templates;
}

function coding(item, option) {
  const value = { system: `${C}/CodeSystem/answer-${item.id}`, code: option.code, display: option.label.zh };
  if (option.score !== undefined) value.extension = [{ url: CORE + 'ordinalValue', valueDecimal: Number(option.score) }];
  if (option.label.en !== option.label.zh) value._display = translated(option.label.en);
  return { extension: value.extension, ...value };
}

function measureCode(item) {
  if (item.code?.startsWith('loinc:')) return { system: LOINC, code: item.code.slice(6), display: item.label.en };
  if (item.code?.startsWith('icd:')) return { system: ICD10, code: item.code.slice(4) };
  const group = item.linkId.includes('.') && !item.id.includes('-') ? item.linkId.replace('.', '-') : item.id;
  return { system: `${C}/CodeSystem/measure-item`, code: item.code ?? group, display: item.label.zh };
}

const TYPES = { g: 'group', q: 'decimal', i: 'integer', c: 'choice', m: 'choice', b: 'boolean', s: 'string', t: 'text', d: 'date' };

function variable(name, expression) {
  return { url: CORE + 'variable', valueExpression: { name, language: 'text/fhirpath', expression } };
}

function whenOf(item, scope, template) {
  const [, id, operator, value] = /^([a-z0-9-]+)(=|>)(.+)$/.exec(item.when) ?? [];
  const other = scope.find((each) => each.id === id);
  if (!other) throw new SourceError(`${template.code}: ${item.when}`);
  const when = { question: other.linkId, operator };
  if (other.type === 'b') when.answerBoolean = value === 'true';
  else if (other.type === 'i') when.answerInteger = Number(value);
  else when.answerCoding = { system: `${C}/CodeSystem/answer-${other.id}`, code: value };
  return when;
}

function names(expression) {
  return [...expression.matchAll(/%([a-z][a-z0-9_]*)/g)].map((found) => found[1]);
}

function toItem(item, scope, template, variables) {
  const extension = [];
  const out = { linkId: item.linkId };
  const measured = item.type === 'q' || item.type === 'i' || item.extract || (item.type === 'c' && item.source);
  if (item.type === 'g') {
    out.text = item.label.zh;
    out._text = translated(item.label.en);
    out.type = 'group';
    if (item.max > 1) {
      out.repeats = true;
      extension.push({ url: CORE + 'questionnaire-maxOccurs', valueInteger: item.max });
    }
    const own = new Map();
    out.item = item.items.map((each) => toItem(each, item.items, template, { own, root: variables.root }));
    for (const [name, expression] of own) extension.push(variable(name, expression));
    return { extension: extension.length ? extension : undefined, ...out };
  }
  if (measured) {
    out.code = [measureCode(item)];
    extension.push({ url: SDC + 'sdc-questionnaire-observationExtract', valueBoolean: true });
  }
  // A finding that is itself a diagnosis says so, and counts where a reference interval asks for it.
  if (!measured && item.code) out.code = [measureCode(item)];
  if (item.site) extension.push({ url: `${C}/StructureDefinition/extract-body-site`, valueBoolean: true });
  if (item.unit) extension.push({ url: CORE + 'questionnaire-unit', valueCoding: { system: UCUM, code: item.unit.code, display: item.unit.display } });
  if (item.min !== undefined) {
    const type = item.type === 'i' ? 'valueInteger' : 'valueDecimal';
    extension.push({ url: CORE + 'minValue', [type]: item.min }, { url: CORE + 'maxValue', [type]: item.max });
  }
  if (item.source) {
    const expression = template.expand(item.source, item, scope);
    for (const name of names(expression)) {
      if (['resource', 'patient', 'qitem'].includes(name)) continue;
      const sibling = scope.find((each) => each.id.replaceAll('-', '_') === name);
      const root = template.items.find((each) => each.id.replaceAll('-', '_') === name && each.type !== 'g');
      const found = sibling ?? root;
      if (name === 'authored') variables.root.set(name, '%resource.authored');
      else if (name === 'birth') variables.root.set(name, '%patient.birthDate');
      else if (!found) throw new SourceError(`${template.code}: %${name} in ${item.linkId}`);
      else {
        const value = `.where(linkId = '${found.linkId}').answer.value${found.type === 'c' ? '.code' : ''}`;
        if (sibling && variables.own) variables.own.set(name, 'item' + value);
        else variables.root.set(name, '%resource.item' + value);
      }
    }
    extension.push({ url: SDC + 'sdc-questionnaire-calculatedExpression', valueExpression: { language: 'text/fhirpath', expression } });
  }
  if (extension.length) out.extension = extension;
  out.text = item.label.zh;
  if (item.label.en !== item.label.zh) out._text = translated(item.label.en);
  out.type = TYPES[item.type];
  if (item.when) out.enableWhen = [whenOf(item, scope, template)];
  if (item.required) out.required = true;
  if (item.type === 'm') out.repeats = true;
  if (item.options.length) out.answerOption = item.options.map((option) => ({ valueCoding: coding(item, option) }));
  const { linkId, extension: first, code, ...rest } = out;
  return { extension: first, linkId, code, ...rest };
}

const HEAD = `
exam-order 检查单号/Order: s
device 设备: s
technique 检查技术: s
contrast 对比剂: s
comparison-date 对比检查日期: d`.trim().split('\n');

function common(template, linkId, zh, en, item) {
  return { linkId, text: zh, _text: translated(en), type: 'group', item };
}

function tail(template) {
  const kind = template.context.get('kind')[0];
  const report = `${CORE}DiagnosticReport#DiagnosticReport.`;
  const findings = kind.startsWith('ENDO') ? { code: '59776-5', display: 'Procedure findings Narrative' } : { code: '18782-3', display: 'Radiology Study observation (narrative)' };
  const yes = { url: SDC + 'sdc-questionnaire-observationExtract', valueBoolean: true };
  const positivity = (code, display, en) => ({ valueCoding: { system: `${C}/CodeSystem/report-positivity`, code, display, _display: translated(en) } });
  return common(template, 'tail', '报告', 'Report', [
    { extension: [yes], linkId: 'findings', code: [{ system: LOINC, ...findings }], text: '检查所见', _text: translated('Findings'), type: 'text', required: true },
    { linkId: 'impression', definition: report + 'conclusion', text: '诊断意见', _text: translated('Impression'), type: 'text', required: true },
    {
      extension: [yes], linkId: 'positivity', code: [{ system: `${C}/CodeSystem/measure-item`, code: 'report-positivity', display: '阳性' }], text: '阳性/阴性',
      _text: translated('Positive or negative'), type: 'choice', required: true,
      answerOption: [positivity('NEG', '阴性', 'Negative'), positivity('POS', '阳性', 'Positive')],
    },
    { extension: [yes], linkId: 'critical', code: [{ system: `${C}/CodeSystem/measure-item`, code: 'report-critical', display: '危急' }], text: '危急', _text: translated('Critical'), type: 'boolean', required: true },
    {
      linkId: 'conclusion-code', definition: report + 'conclusionCode', text: '诊断编码（ICD-10）', _text: translated('Conclusion code (ICD-10)'), type: 'open-choice', repeats: true,
      answerOption: template.context.has('dx') ? template.context.get('dx').map((code) => ({ valueCoding: { system: ICD10, code } })) : undefined,
    },
  ]);
}


function contexts(template) {
  const all = [];
  const add = (name, value) => all.push({ code: { system: `${C}/CodeSystem/template-context`, code: name }, ...value });
  const concept = (system, code) => ({ valueCodeableConcept: { coding: [{ system, code }] } });
  for (const [name, values] of template.context) {
    for (const value of values) {
      if (name === 'kind') add('exam-kind', concept(`${C}/CodeSystem/exam-kind`, value));
      else if (name === 'item') add('exam-item', concept(`${C}/CodeSystem/exam-item`, value));
      else if (name === 'body') add('body-site', concept(SNOMED, value));
      else if (name === 'type') add('exam-type', concept(`${C}/CodeSystem/exam-type`, value));
      else if (name === 'dx') add('diagnosis', concept(ICD10, value));
      else if (name === 'sex') add('sex', concept('http://hl7.org/fhir/administrative-gender', value));
      else if (name === 'age') {
        const [low, high] = value.split('..').map(Number);
        const years = (n) => ({ value: n, unit: 'a', system: UCUM, code: 'a' });
        add('age-range', { valueRange: { low: years(low), high: years(high) } });
      } else throw new SourceError(`${template.code}: context ${name}`);
    }
  }
  return all;
}

function questionnaire(template) {
  const root = new Map();
  const body = template.items.map((item) => toItem(item, template.items, template, { root }));
  const id = 'template-' + template.code.toLowerCase();
  const head = common(template, 'head', '检查', 'Exam', HEAD.map((line) => toItem(parseItem(line, template), [], template, { root })));
  return {
    resourceType: 'Questionnaire',
    id,
    extension: [
      {
        url: SDC + 'sdc-questionnaire-launchContext',
        extension: [{ url: 'name', valueCoding: { system: 'http://hl7.org/fhir/uv/sdc/CodeSystem/launchContext', code: 'patient' } }, { url: 'type', valueCode: 'Patient' }],
      },
      { url: SDC + 'sdc-questionnaire-itemExtractionContext', valueCode: 'DiagnosticReport' },
      ...[...root].map(([name, expression]) => variable(name, expression)),
    ],
    url: `${C}/Questionnaire/${template.code}`,
    identifier: [{ system: `${C}/sid/report-template`, value: template.code }],
    version: '1.0.0',
    name: template.code.replaceAll(/[^A-Za-z0-9]/g, '_'),
    title: template.title.zh,
    _title: translated(template.title.en),
    status: 'active',
    subjectType: ['Patient'],
    date: '2025-01-01',
    publisher: 'Trefoil Hub',
    useContext: contexts(template),
    code: [{ system: `${C}/CodeSystem/report-template`, code: template.code, display: template.title.zh }],
    item: [head, ...body, tail(template)],
  };
}

// ---------------------------------------------------------------- reference ranges

const CONDITION_SYSTEMS = { icd: ICD10, atc: 'http://www.whocc.no/atc', local: `${C}/CodeSystem/interval-condition` };

function condition(text) {
  const [name, codes] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)];
  const system = CONDITION_SYSTEMS[name] ?? (name.startsWith('answer-') ? `${C}/CodeSystem/${name}` : undefined);
  if (!system) throw new SourceError(`condition ${text}`);
  return { url: `${C}/StructureDefinition/interval-condition`, valueCodeableConcept: { coding: codes.split(',').map((code) => ({ system, code })) } };
}

function ages(word) {
  const found = /^(>=|<=|<)?(\d+(?:\.\d+)?)(?:-(\d+(?:\.\d+)?))?$/.exec(word);
  if (!found) return undefined;
  const [, operator, first, second] = found;
  if (operator === '>=') return [Number(first), undefined];
  if (operator === '<=') return [undefined, Number(first)];
  if (operator === '<') return [undefined, Number(first) - 1];
  return second === undefined ? undefined : [Number(first), Number(second)];
}

function rangeOf([low, high], code) {
  const quantity = (value) => ({ value, unit: code, system: UCUM, code });
  return { ...(low === undefined ? {} : { low: quantity(low) }), ...(high === undefined ? {} : { high: quantity(high) }) };
}

function limits(text, unit) {
  const [, below, low, above, high] = /^(>)?(-?[\d.]*?)\.\.(<)?(-?[\d.]*(?:\*age)?)$/.exec(text) ?? [];
  if (low === undefined) throw new SourceError(`limits ${text}`);
  const quantity = (value, exclusive) => {
    const perYear = value.endsWith('*age');
    const extension = [];
    if (exclusive) extension.push({ url: `${C}/StructureDefinition/exclusive-limit`, valueBoolean: true });
    if (perYear) extension.push({ url: `${C}/StructureDefinition/limit-per-year-of-age`, valueDecimal: Number(value.replace('*age', '')) });
    return { ...(extension.length ? { extension } : {}), ...(perYear ? {} : { value: Number(value) }), unit, system: UCUM, code: unit };
  };
  return { ...(low === '' ? {} : { low: quantity(low, below) }), ...(high === '' ? {} : { high: quantity(high, above) }) };
}

function interval(line, unit) {
  const [, before, range, note] = /^(.*?) ?: (\S+)(?: "(.+)")?$/.exec(line) ?? [];
  if (range === undefined) throw new SourceError(`interval ${line}`);
  const out = { extension: [], category: 'reference' };
  const said = before.split(/\s+/).filter(Boolean);
  for (let i = 0; i < said.length; i++) {
    const word = said[i];
    const age = ages(word);
    if (word === 'M' || word === 'F') out.gender = word === 'M' ? 'male' : 'female';
    else if (word === 'critical') out.category = 'critical';
    else if (word === 'if') out.extension.push(condition(said[++i]));
    else if (word.startsWith('ga')) out.gestationalAge = rangeOf(ages(word.slice(2)), 'wk');
    else if (age) out.age = rangeOf(age, 'a');
    else throw new SourceError(`interval ${line}`);
  }
  if (range !== 'none') out.range = limits(range, unit);
  if (note) out.condition = label(note).zh;
  if (!out.extension.length) delete out.extension;
  return out;
}

function definitions(text) {
  const all = [];
  let unit;
  for (const line of text.split('\n')) {
    if (!line.trim() || line.startsWith('#')) continue;
    if (line.startsWith('@')) {
      const [, code, name, ucum, precision] = /^@ (\S+) (\S+) (\S+) (\d)$/.exec(line) ?? [];
      if (!code) throw new SourceError(line);
      unit = ucum;
      const text_ = label(name);
      const loinc = code.startsWith('loinc:');
      const bare = loinc ? code.slice(6) : code;
      all.push({
        resourceType: 'ObservationDefinition',
        id: 'range-' + bare,
        code: { coding: [{ system: loinc ? LOINC : `${C}/CodeSystem/measure-item`, code: bare, display: loinc ? text_.en : text_.zh }], text: text_.zh },
        identifier: [{ system: `${C}/sid/range`, value: `${bare}|2025-1` }],
        permittedDataType: ['Quantity'],
        quantitativeDetails: { unit: { coding: [{ system: UCUM, code: unit }] }, decimalPrecision: Number(precision) },
        qualifiedInterval: [],
      });
    } else all.at(-1).qualifiedInterval.push(interval(line, unit));
  }
  for (const definition of all) {
    definition.qualifiedInterval.forEach((each, index) => {
      each.extension = [...(each.extension ?? []), { url: `${C}/StructureDefinition/interval-id`, valueString: `${definition.identifier[0].value}#${index + 1}` }];
    });
  }
  return all;
}

// ---------------------------------------------------------------- files

const sources = [...readdirSync(HERE).filter((name) => name.endsWith('.txt')).sort().map((name) => join(HERE, name)), join(HERE, '..', 'ranges', 'ranges.txt')];
const wanted = new Map();
for (const file of sources.slice(0, -1)) {
  for (const template of parse(readFileSync(file, 'utf8'))) wanted.set(`Questionnaire/template-${template.code.toLowerCase()}.json`, questionnaire(template));
}
for (const definition of definitions(readFileSync(sources.at(-1), 'utf8'))) wanted.set(`ObservationDefinition/${definition.id}.json`, definition);
// Names of variables are FHIR ids (Expression.name), which have no underscore; FHIRPath names have no hyphen.
const fhirName = (name) => name.replaceAll(/_([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const expressions = (key, value) =>
  value?.language === 'text/fhirpath'
    ? { ...value, ...(value.name && { name: fhirName(value.name) }), expression: value.expression.replaceAll(/%[a-z0-9_]+/g, fhirName) }
    : value;
const files = new Map([...wanted].map(([name, resource]) => [name, JSON.stringify(resource, expressions, 1) + '\n']));

// One hash over sources, this script and what was made: a test of the build compares it, without node.
const hash = createHash('sha256');
for (const file of [...sources, fileURLToPath(import.meta.url)]) hash.update(readFileSync(file));
for (const name of [...files.keys()].sort()) hash.update(files.get(name));
files.set('templates.sha256', hash.digest('hex') + '\n');

const mine = (name) => /^(template|range)-/.test(name);
const stored = ['Questionnaire', 'ObservationDefinition'].flatMap((type) =>
  existsSync(join(DATA, type)) ? readdirSync(join(DATA, type)).filter(mine).map((name) => `${type}/${name}`) : [],
);
if (process.argv.includes('--check')) {
  const stale = [...files].filter(([name, text]) => !existsSync(join(DATA, name)) || readFileSync(join(DATA, name), 'utf8') !== text).map(([name]) => name);
  const extra = stored.filter((name) => !files.has(name));
  if (stale.length || extra.length) {
    console.error(`not current: ${[...stale, ...extra].join(', ')}; run node ig/templates/generate.mjs`);
    process.exit(1);
  }
} else {
  for (const name of stored) if (!files.has(name)) rmSync(join(DATA, name));
  for (const [name, text] of files) {
    mkdirSync(dirname(join(DATA, name)), { recursive: true });
    writeFileSync(join(DATA, name), text);
  }
  console.log(`${wanted.size} resources`);
}
