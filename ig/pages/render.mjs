// Renders the compiled guide as static pages:   node pages/render.mjs TARGET
//
// Uses nothing but Node itself and the committed JSON, so that the pages never differ from what the hub loads.
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { elements, flows, intro, kinds, profiles, security } from './texts.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, '..', 'target', 'classes', 'static', 'ig'));
const source = join(here, '..', 'src', 'main', 'resources', 'org', 'trefoilhub', 'ig', 'package');
const logo = readFileSync(join(here, '..', '..', 'viewer-static', 'console', 'public', 'favicon.svg'), 'utf8');

const escape = text => String(text ?? '').replace(/[&<>"]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);
const both = (zh, en) => (zh === en ? zh : `<span class="zh">${zh}</span><span class="en">${en}</span>`);
const resources = readdirSync(source).sort().map(name => ({ name, json: JSON.parse(readFileSync(join(source, name), 'utf8')) }));
const guide = resources.find(r => r.json.resourceType === 'ImplementationGuide').json;
const described = new Map(guide.definition.resource.map(entry => [entry.reference.reference, entry]));

const definitional = ['StructureDefinition', 'CodeSystem', 'ValueSet', 'SearchParameter', 'OperationDefinition', 'CapabilityStatement', 'ImplementationGuide'];
const kindOf = ({ json }) => {
  switch (json.resourceType) {
    case 'StructureDefinition': return json.type === 'Extension' ? 'extensions' : 'profiles';
    case 'CodeSystem': return 'codes';
    case 'ValueSet': return 'valuesets';
    case 'OperationDefinition': return 'operations';
    case 'CapabilityStatement': return 'actors';
    case 'SearchParameter': return 'parameters';
    default: return 'examples';
  }
};
const file = r => `${r.json.resourceType}-${r.json.id}.html`;
const shown = resources.filter(r => r.json.resourceType !== 'ImplementationGuide');
const byUrl = new Map(shown.filter(r => r.json.url).map(r => [r.json.url, r]));

/** [中文, English] of a title such as `Exam order 检查申请`, or of a title with a translation. */
function title(r) {
  const entry = described.get(`${r.json.resourceType}/${r.json.id}`);
  const isDefinition = definitional.includes(r.json.resourceType);
  const text = (isDefinition ? r.json.title : null) ?? entry?.name ?? r.json.title ?? r.json.name ?? r.json.id;
  const translated = r.json._title?.extension?.[0]?.extension?.find(e => e.url === 'content')?.valueString;
  if (translated) return [translated, text];
  const split = /^([\x20-\x7e]+?) ([^\x00-\x7f].*)$/.exec(text);
  return split ? [split[2], split[1]] : [text, text];
}

const linkTo = url => {
  const r = byUrl.get(url.split('|')[0]);
  return r ? `<a href="${file(r)}">${both(...title(r).map(escape))}</a>` : `<code>${escape(url)}</code>`;
};

function page(name, heading, body) {
  const nav = [['index.html', '首页', 'Home'], ['flows.html', '流程', 'Flows'], ['security.html', '安全', 'Security'],
    ...Object.entries(kinds).map(([key, [zh, en]]) => [`${key}.html`, zh, en])];
  writeFileSync(join(target, name), `<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(heading[0])} · Trefoil Hub</title><link rel="stylesheet" href="ig.css"><link rel="icon" href="favicon.svg"></head>
<body><header><a class="name" href="index.html">${logo}<span>${both('Trefoil Hub 实施指南', 'Trefoil Hub implementation guide')}</span></a>
${nav.slice(1).map(([href, zh, en]) => `<a href="${href}">${both(zh, en)}</a>`).join('\n')}
<span class="space"></span><button id="language" type="button">English</button></header>
<main><h1>${both(...heading.map(escape))}</h1>${body}</main>
<footer>org.trefoilhub.ig ${escape(guide.version)} · FHIR R4</footer><script src="ig.js"></script></body></html>
`);
}

const tile = r => `<a class="tile" href="${file(r)}"><b>${both(...title(r).map(escape))}</b><span>${escape(r.json.resourceType === 'StructureDefinition' ? `${r.json.type} · ${r.json.id}` : r.json.id)}</span></a>`;
const listed = kind => shown.filter(r => kindOf(r) === kind);

function elementTable(definition) {
  const rows = definition.differential.element.map(element => {
    const path = element.id.split('.').slice(1);
    if (path.length === 0 && !element.constraint) return '';
    const depth = Math.max(0, path.length - 1);
    const last = (path.at(-1) ?? definition.type).split(':')[0].replace('[x]', '');
    const fixed = Object.entries(element).find(([key]) => /^(pattern|fixed)[A-Z]/.test(key))?.[1];
    const notes = [];
    if (fixed !== undefined) notes.push(`= <code>${escape(fixed.coding ? fixed.coding.map(c => c.code).join(', ') : typeof fixed === 'object' ? JSON.stringify(fixed) : fixed)}</code>`);
    for (const type of element.type ?? []) {
      const aims = [...(type.targetProfile ?? []), ...(type.profile ?? [])];
      notes.push(`${escape(type.code.split('/').at(-1))}${aims.length ? `(${aims.map(a => (byUrl.has(a) ? linkTo(a) : escape(a.split('/').at(-1)))).join(' | ')})` : ''}`);
    }
    if (element.binding?.valueSet) notes.push(`${both('值集', 'from')} ${linkTo(element.binding.valueSet)} <span class="chip">${escape(element.binding.strength)}</span>`);
    for (const constraint of element.constraint ?? []) notes.push(`<b>${escape(constraint.key)}</b> ${escape(constraint.human)}`);
    const count = element.min !== undefined || element.max !== undefined ? `${element.min ?? ''}..${element.max ?? ''}` : '';
    return `<tr><td><code>${'&nbsp;&nbsp;'.repeat(depth)}${escape(path.at(-1) ?? definition.type)}</code></td><td class="zh">${escape(elements[last] ?? '')}</td><td>${count}${element.mustSupport ? ' <span class="chip">MS</span>' : ''}</td><td>${notes.join('<br>')}</td></tr>`;
  });
  return `<div class="card"><table><tr><th>${both('元素', 'Element')}</th><th class="zh">中文</th><th>${both('基数', 'Card.')}</th><th>${both('约束', 'Constraint')}</th></tr>${rows.join('')}</table></div>`;
}

function conceptTable(json) {
  if (!json.concept) return `<p>${both('代码不随指南提供。', 'The codes are not part of the guide.')}</p>`;
  const property = json.property?.[0]?.code;
  return `<div class="card"><table><tr><th>${both('代码', 'Code')}</th><th>中文</th><th>English</th>${property ? `<th>${escape(property)}</th>` : ''}</tr>${json.concept.map(c =>
    `<tr><td><code>${escape(c.code)}</code></td><td>${escape(c.designation?.[0]?.value)}</td><td>${escape(c.display)}</td>${property ? `<td>${escape(c.property?.[0]?.valueCode)}</td>` : ''}</tr>`).join('')}</table></div>`;
}

function details({ json }) {
  switch (json.resourceType) {
    case 'StructureDefinition': return elementTable(json);
    case 'CodeSystem': return conceptTable(json);
    case 'ValueSet': return `<div class="card">${json.compose.include.map(i => `${linkTo(i.system)}${(i.concept ?? []).map(c => `<span class="chip">${escape(c.code)}</span>`).join('')}`).join('<br>')}</div>`;
    case 'OperationDefinition': return `<div class="card"><p><code>POST /fhir/${json.resource ? `${escape(json.resource[0])}/` : ''}${json.instance ? '{id}/' : ''}$${escape(json.code)}</code></p><table><tr><th>${both('参数', 'Parameter')}</th><th></th><th>${both('基数', 'Card.')}</th><th>${both('类型', 'Type')}</th><th>${both('说明', 'Description')}</th></tr>${json.parameter.map(p =>
      `<tr><td><code>${escape(p.name)}</code></td><td>${p.use}</td><td>${p.min}..${p.max}</td><td>${escape(p.type ?? '')}</td><td>${escape(p.documentation)}</td></tr>`).join('')}</table></div>`;
    case 'CapabilityStatement': return `<div class="card"><table><tr><th>${both('资源', 'Resource')}</th><th>${both('规范', 'Profiles')}</th><th>${both('交互', 'Interactions')}</th></tr>${json.rest[0].resource.map(r =>
      `<tr><td><code>${escape(r.type)}</code></td><td>${(r.supportedProfile ?? []).map(linkTo).join('<br>')}</td><td>${r.interaction.map(i => `<span class="chip">${escape(i.code)}</span>`).join('')}${(r.operation ?? []).map(o => `<span class="chip">$${escape(o.name)}</span>`).join('')}</td></tr>`).join('')}</table>${(json.rest[0].operation ?? []).map(o => `<span class="chip">$${escape(o.name)}</span>`).join('')}</div>`;
    case 'SearchParameter': return `<div class="card"><code>${escape(json.base.join(', '))}?${escape(json.code)}=</code> · ${escape(json.type)} · <code>${escape(json.expression)}</code></div>`;
    default: return json.meta?.profile ? `<p>${both('规范', 'Profile')}: ${json.meta.profile.map(linkTo).join(', ')}</p>` : '';
  }
}

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const name of ['ig.css', 'ig.js']) copyFileSync(join(here, name), join(target, name));
writeFileSync(join(target, 'favicon.svg'), logo);

page('index.html', ['实施指南', 'Implementation guide'], `<div class="card">${both(...intro.index)}</div>${Object.entries(kinds).map(([kind, [zh, en]]) =>
  `<h2><a href="${kind}.html">${both(zh, en)}</a></h2><div class="grid">${listed(kind).slice(0, kind === 'profiles' ? 99 : 8).map(tile).join('')}</div>`).join('')}`);
page('flows.html', ['流程', 'Flows'], flows.map(([zh, en, steps, zhText, enText]) => `<h2>${both(zh, en)}</h2><div class="card"><div class="steps">${steps.map(([a, b]) =>
  `<span class="chip">${both(a, b)}</span>`).join('<i>→</i>')}</div><p>${both(zhText, enText)}</p></div>`).join(''));
page('security.html', ['安全', 'Security'], `<div class="card">${both(...security)}</div>`);
for (const [kind, names] of Object.entries(kinds)) page(`${kind}.html`, names, `<div class="grid">${listed(kind).map(tile).join('')}</div>`);

for (const r of shown) {
  const { json } = r;
  const description = (definitional.includes(json.resourceType) ? json.description : null) ?? described.get(`${json.resourceType}/${json.id}`)?.description ?? '';
  const bad = description.startsWith('Must fail: ');
  const zh = profiles[json.id] && json.resourceType === 'StructureDefinition' ? profiles[json.id] : bad ? description.replace('Must fail: ', '必须不通过：') : description;
  const uses = json.resourceType === 'StructureDefinition' ? listed('examples').filter(e => e.json.meta?.profile?.includes(json.url)) : [];
  const text = JSON.stringify(json, null, 2);
  writeFileSync(join(target, `${json.resourceType}-${json.id}.json`), text);
  page(file(r), title(r), `<p class="sub">${escape(json.url ?? `${json.resourceType}/${json.id}`)} · <a href="${json.resourceType}-${escape(json.id)}.json">JSON</a></p>
<div class="card${bad ? ' bad' : ''}">${both(escape(zh), escape(description))}</div>${details(r)}
${uses.length ? `<h2>${both('示例', 'Examples')}</h2><div class="grid">${uses.map(tile).join('')}</div>` : ''}
<h2>JSON</h2><div class="card"><pre>${escape(text)}</pre></div>`);
}
