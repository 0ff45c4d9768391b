import type { Language } from '../../i18n/preferences';
import type { Conditions, PolicyForm } from './policy';

/** A field of the editor. */
export type Field = 'title' | 'rules' | 'effect' | 'priority' | 'mask' | keyof Conditions;

/** What is wrong, and with which field of which rule. */
export interface Problem {
  /** Index of the rule; undefined = the conditions of all rules, or the policy itself. */
  readonly rule: number | undefined;
  readonly field: Field | undefined;
  readonly text: string;
}

/** Which words of the hub's sentence tell the field; the first that is found counts. */
const fields: readonly (readonly [RegExp, Field])[] = [
  [/priority/, 'priority'],
  [/mask/, 'mask'],
  [/permit nor deny|type in its root/, 'effect'],
  [/no nested provision|no provision/, 'rules'],
  [/authorisation period/, 'period'],
  [/hours|time without a duration|name neither a day/, 'hours'],
  [/data period/, 'dataPeriod'],
  [/patient type|care relation/, 'patientTypes'],
  [/security label|label|sensitivity/, 'labels'],
  [/exam item|modality|mixes exam items/, 'examItems'],
  [/related data|exam condition/, 'exams'],
  [/interface/, 'interfaces'],
  [/source/, 'sources'],
  [/resource type|data type|class/, 'dataTypes'],
  [/system actor|client/, 'clients'],
  [/purpose/, 'purposes'],
  [/action/, 'actions'],
  [/actor|user|role|department|group condition|blank group/, 'users'],
  [/period/, 'period'],
  [/patient|data that is no|has data|group/, 'subjects'],
  [/category|codes?\b/, 'categories'],
];

/** What the hub says, in Chinese; a sentence that is not known here stays as it is. */
const translations: readonly (readonly [RegExp, string])[] = [
  [/names the unknown resource type `([^`]*)`/, '资源类型 $1 不存在'],
  [/names the unknown data type `([^`]*)`/, '数据类型 $1 不存在'],
  [/names the unknown patient type `([^`]*)`/, '患者类型 $1 不存在'],
  [/names the unknown department `([^`]*)`/, '科室 $1 不能用于授权'],
  [/names the unknown role `([^`]*)`/, '角色 $1 不存在'],
  [/names the unknown purpose `([^`]*)`/, '用途 $1 不存在'],
  [/has the unknown interface `([^`]*)`/, '接口 $1 不存在'],
  [/has the unknown action `([^`]*)`/, '操作 $1 不存在'],
  [/has the unknown mask `([^`]*)`/, '遮蔽方式 $1 不存在'],
  [/has the unknown label `([^`]*)`/, '密级 $1 不存在'],
  [/has the unknown extension `([^`]*)`/, '含有无法识别的扩展 $1'],
  [/has the element `([^`]*)`, which is not understood/, '含有无法识别的元素 $1'],
  [/has priority (-?\d+) but 0 to (\d+)/, '优先级 $1 超出范围，应为 0 至 $2'],
  [/ends before it begins/, '结束早于开始，永远不会生效'],
  [/has hours of length/, '每段时长应大于 0 且不超过 24 小时'],
  [/name neither a day nor a time/, '请选择星期或时间'],
  [/masks what it denies/, '拒绝规则不能设置遮蔽'],
  [/says neither permit nor deny/, '请选择允许或拒绝'],
  [/has no nested provision|has no provision/, '策略至少需要一条规则'],
  [/has a system actor that is no client/, '授权系统不是已登记的客户端'],
  [/has an actor that nobody knows/, '找不到所指的用户、科室或系统'],
  [/has neither start nor end/, '请填写开始或结束'],
  [/mixes exam items and categories/, '类别代码与检查项目不能混在一起'],
];

function translated(sentence: string, language: Language): string {
  if (language === 'en') return sentence;
  for (const [pattern, words] of translations) {
    const found = pattern.exec(sentence);
    if (found !== null) return words.replace(/\$(\d)/g, (_, n: string) => found[Number(n)] ?? '');
  }
  return sentence;
}

/** Places what the hub says about a policy at the fields it speaks of. */
export function problemsFrom(diagnostics: string, language: Language): readonly Problem[] {
  return diagnostics
    .replace(/^[^:`]*the access policies are refused: /, '')
    .split('; ')
    .filter(sentence => sentence !== '')
    .map(sentence => {
      const rule = /`[^`]*#(\d+)`/.exec(sentence)?.[1];
      const said = sentence.replace(/^(?:policy|provision) `[^`]*`(?: root provision)? /, '');
      return {
        rule: rule === undefined ? undefined : Number(rule),
        field: fields.find(([pattern]) => pattern.test(said))?.[1],
        text: translated(said, language),
      };
    });
}

/** What can be said without the hub. */
export function problemsIn(form: PolicyForm, texts: { needTitle: string; needRule: string; needDays: string; needEnd: string }): readonly Problem[] {
  const problems: Problem[] = [];
  if (form.title.trim() === '') problems.push({ rule: undefined, field: 'title', text: texts.needTitle });
  if (form.rules.length === 0) problems.push({ rule: undefined, field: 'rules', text: texts.needRule });
  const conditions: readonly (readonly [number | undefined, Conditions])[] = [
    [undefined, form.common],
    ...form.rules.map((rule, index) => [index, rule.conditions] as const),
  ];
  for (const [rule, c] of conditions) {
    if (c.hours.some(h => h.start === undefined && h.days.length === 0)) problems.push({ rule, field: 'hours', text: texts.needDays });
    if (c.hours.some(h => h.start !== undefined && h.minutes <= 0)) problems.push({ rule, field: 'hours', text: texts.needEnd });
  }
  return problems;
}
