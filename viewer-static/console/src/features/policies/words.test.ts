import { describe, expect, it } from 'vitest';
import { changesOf } from './changes';
import { actorOf, consentOf, newPolicy, newRule, noConditions, type PolicyForm } from './policy';
import { problemsFrom, problemsIn } from './problems';
import { policyTextsZh } from './texts';
import { systems } from './vocabulary';
import { endOf, enumeration, hoursWords, periodWords, ruleWords, type Names } from './words';

const known = new Map([
  [`Organization?${systems.department}|radiology`, '放射科'],
  [`Device?${systems.client}|his`, '医院信息系统'],
  ['Patient/7', '王小明（P0003）'],
]);
const names: Names = token => known.get(token);

describe('words of a rule', () => {
  it('says who, what and when', () => {
    const words = ruleWords(
      { ...noConditions, clients: [actorOf('system', `Device?${systems.client}|his`)] },
      {
        effect: 'deny',
        priority: 200,
        mask: undefined,
        conditions: {
          ...noConditions,
          users: [actorOf('user', `PractitionerRole?${systems.role}|doctor@radiology`)],
          actions: [{ coding: [{ system: systems.action, code: 'print' }] }],
          dataTypes: [{ system: systems.dataType, code: 'report' }],
          subjects: [{ meaning: 'instance', reference: { reference: 'Patient/7' } }],
          hours: [{ days: ['mon', 'tue', 'wed', 'thu', 'fri'], start: '08:00', minutes: 600 }],
        },
      },
      names,
      'zh',
    );
    expect(words.who).toBe('放射科医生（经 医院信息系统）');
    expect(words.what).toBe('打印 王小明（P0003）的报告');
    expect(words.when).toBe('周一至周五 08:00–18:00');
  });

  it('says of an empty rule that it holds for everything', () => {
    expect(ruleWords(noConditions, newRule, names, 'zh')).toEqual({ who: '任何人、任何系统', what: '对一切数据做任何操作', when: '随时' });
    expect(ruleWords(noConditions, newRule, names, 'en').who).toBe('anybody, any system');
  });

  it('tells hours over midnight, whole days and open periods', () => {
    expect(endOf('22:00', 600)).toBe('08:00');
    expect(hoursWords({ days: [], start: '22:00', minutes: 600 }, 'zh')).toBe('每天 22:00–次日 08:00');
    expect(hoursWords({ days: ['sat', 'sun'], start: undefined, minutes: 1440 }, 'zh')).toBe('周六、周日');
    expect(hoursWords({ days: ['sat'], start: '16:00', minutes: 480 }, 'zh')).toBe('周六 16:00–24:00');
    expect(periodWords({ start: '2025-01-01' }, 'zh')).toBe('2025-01-01 起');
    expect(periodWords({ start: '2025-01-01', end: '2025-12-31T18:00:00+08:00' }, 'zh')).toBe('2025-01-01 至 2025-12-31 18:00');
  });

  it('cuts long lists and tells how long they are', () => {
    expect(enumeration(['甲', '乙', '丙'], 'zh', 2)).toBe('甲、乙 等 3 项');
  });
});

describe('differences between versions', () => {
  const first: PolicyForm = { ...newPolicy, title: '甲' };

  it('names what came and what went', () => {
    const before = consentOf(first);
    const after = {
      ...consentOf({ ...first, rules: [{ ...newRule, priority: 300, conditions: { ...noConditions, interfaces: ['dimse'] } }] }),
      status: 'active' as const,
    };
    expect(changesOf(before, after, names, 'zh', policyTextsZh)).toEqual([
      { where: '策略', what: '状态', removed: ['草稿'], added: ['生效中'] },
      { where: '规则 1', what: '优先级', removed: ['全院 200'], added: ['指定患者 300'] },
      { where: '规则 1', what: '接口', removed: [], added: ['DICOM 网络（DIMSE）'] },
    ]);
  });

  it('finds none in the same content, and takes everything of a first version as new', () => {
    expect(changesOf(consentOf(first), consentOf(first), names, 'zh', policyTextsZh)).toEqual([]);
    expect(changesOf(undefined, consentOf(first), names, 'zh', policyTextsZh).map(c => c.added)).toContainEqual(['甲']);
  });
});

describe('problems of a policy', () => {
  it('stand at the rule and the field that the hub speaks of', () => {
    const said =
      'the access policies are refused: policy `12#1` names the unknown department `lab`; policy `12#0` has a data period that ends before it' +
      ' begins, which could never hold; provision `12#2` has the unknown interface `fax`; policy `12` has no nested provision';
    expect(problemsFrom(said, 'zh')).toEqual([
      { rule: 1, field: 'users', text: '科室 lab 不能用于授权' },
      { rule: 0, field: 'dataPeriod', text: '结束早于开始，永远不会生效' },
      { rule: 2, field: 'interfaces', text: '接口 fax 不存在' },
      { rule: undefined, field: 'rules', text: '策略至少需要一条规则' },
    ]);
    expect(problemsFrom('provision `draft#0` masks what it denies', 'en')).toEqual([{ rule: 0, field: 'mask', text: 'masks what it denies' }]);
  });

  it('are found before the hub is asked where that is possible', () => {
    expect(problemsIn({ ...newPolicy, rules: [] }, policyTextsZh).map(p => p.field)).toEqual(['title', 'rules']);
    const rule = { ...newRule, conditions: { ...noConditions, hours: [{ days: [], start: undefined, minutes: 1440 }] } };
    expect(problemsIn({ ...newPolicy, title: '甲', rules: [rule] }, policyTextsZh)).toEqual([{ rule: 0, field: 'hours', text: '请选择星期或时间' }]);
  });
});
