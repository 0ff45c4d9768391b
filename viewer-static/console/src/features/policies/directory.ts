import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { searchAll } from '../../api/fhir';
import { usePreferences, type Language } from '../../i18n/preferences';
import { base, nameOf, roles, systems } from './vocabulary';
import type { Names } from './words';

/** What the fields of a policy may name: people, departments, systems, groups, exam items of this hospital. */
export interface Directory {
  readonly clients: readonly Option[];
  readonly sources: readonly Option[];
  readonly people: readonly Option[];
  readonly departments: readonly Option[];
  readonly teams: readonly Option[];
  readonly groups: readonly Option[];
  readonly examItems: readonly Option[];
  readonly names: Names;
}

export interface Option {
  readonly value: string;
  readonly label: string;
  /** What else finds it. */
  readonly search?: string;
}

/** Whether typing finds an option: by its name, its code, or what else it carries. A group is found through its options alone. */
export function isFoundBy(text: string, option: Readonly<Record<string, unknown>> | undefined): boolean {
  const wanted = text.toLowerCase();
  return ['label', 'value', 'search'].some(key => {
    const words = option?.[key];
    return option?.['options'] === undefined && typeof words === 'string' && words.toLowerCase().includes(wanted);
  });
}

interface Loaded {
  readonly devices: fhir4.Device[];
  readonly practitioners: fhir4.Practitioner[];
  readonly organizations: fhir4.Organization[];
  readonly groups: fhir4.Group[];
  readonly teams: fhir4.CareTeam[];
  readonly items: fhir4.ActivityDefinition[];
}

async function load(signal: AbortSignal): Promise<Loaded> {
  const [devices, practitioners, organizations, groups, teams, items] = await Promise.all([
    searchAll<fhir4.Device>('Device', {}, signal),
    searchAll<fhir4.Practitioner>('Practitioner', {}, signal),
    searchAll<fhir4.Organization>('Organization', {}, signal),
    searchAll<fhir4.Group>('Group', {}, signal),
    searchAll<fhir4.CareTeam>('CareTeam', {}, signal),
    searchAll<fhir4.ActivityDefinition>('ActivityDefinition', {}, signal),
  ]);
  return { devices, practitioners, organizations, groups, teams, items };
}

function identifierOf(resource: { identifier?: fhir4.Identifier[] | undefined }, system: string): string | undefined {
  return resource.identifier?.find(i => i.system === system)?.value;
}

/** Names of the demo's client systems; a Device that carries a name of its own shows that. */
const clientNames: Readonly<Record<string, string>> = {
  console: '管理控制台',
  viewer: '影像浏览器',
  cdss: '临床决策支持',
  his: '医院信息系统',
  ris: '放射信息系统',
  'internet-hospital': '互联网医院',
  'health-commission': '卫健委平台',
  'cloud-imaging': '云影像',
  'pd-system': '专病系统',
  'cdss-backend': '临床决策支持后台',
  'research-db': '科研数据库',
  conformance: '一致性测试',
};

export function deviceName(device: fhir4.Device, language: Language): string {
  const client = identifierOf(device, systems.client);
  const own = device.deviceName?.[0]?.name;
  if (language === 'zh' && client !== undefined && (own === undefined || own === client)) return clientNames[client] ?? client;
  return own ?? client ?? device.id ?? '';
}

export function personName(person: fhir4.Practitioner): string {
  const name = person.name?.[0];
  return name?.text ?? `${name?.family ?? ''}${name?.given?.join('') ?? ''}`;
}

function directoryOf(loaded: Loaded, language: Language): Directory {
  const known = new Map<string, string>();
  const option = (value: string, label: string, search?: string): Option => {
    known.set(value, label);
    return search === undefined ? { value, label } : { value, label, search };
  };
  const clients: Option[] = [];
  const sources: Option[] = [];
  for (const device of loaded.devices) {
    const name = deviceName(device, language);
    known.set(`Device/${device.id ?? ''}`, name);
    const client = identifierOf(device, systems.client);
    if (client !== undefined) {
      clients.push(option(`Device?${systems.client}|${client}`, name === client ? name : `${name}（${client}）`, client));
      known.set(`Device?${systems.client}|${client}`, name);
    }
    const source = identifierOf(device, systems.source);
    if (source !== undefined) sources.push(option(`${systems.source}|${source}`, name, source));
  }
  const people = loaded.practitioners.flatMap(person => {
    const user = identifierOf(person, systems.user);
    known.set(`Practitioner/${person.id ?? ''}`, personName(person));
    if (user === undefined) return [];
    const found = option(`Practitioner?${systems.user}|${user}`, `${personName(person)}（${user}）`, user);
    known.set(found.value, personName(person));
    return [found];
  });
  const departments = loaded.organizations.flatMap(organization => {
    const code = identifierOf(organization, systems.department);
    const name = organization.name ?? code ?? '';
    known.set(`Organization/${organization.id ?? ''}`, name);
    if (code === undefined) return [];
    known.set(`${systems.department}|${code}`, name);
    return [option(`Organization?${systems.department}|${code}`, name, code)];
  });
  const named = (reference: string, name: string | undefined): Option => option(reference, name ?? reference);
  const ofPeople = loaded.groups.filter(group => group.type === 'practitioner');
  const teams = [
    ...loaded.teams.map(team => named(`CareTeam/${team.id ?? ''}`, team.name)),
    ...ofPeople.map(group => named(`Group/${group.id ?? ''}`, group.name)),
  ];
  const groups = loaded.groups.filter(group => group.type !== 'practitioner').map(group => named(`Group/${group.id ?? ''}`, group.name));
  const examItems = loaded.items.flatMap(item => {
    const code = identifierOf(item, `${base}/sid/exam-item`);
    return code === undefined ? [] : [option(`${systems.examItem}|${code}`, item.title ?? code, code)];
  });
  return { clients, sources, people, departments, teams, groups, examItems, names: token => known.get(token) };
}

/** The directory of this hospital; empty until it is loaded. */
export function useDirectory(): Directory & { readonly error: Error | null; readonly loading: boolean } {
  const { language } = usePreferences();
  const { data, error, isPending } = useQuery({ queryKey: ['policy-directory'], queryFn: ({ signal }) => load(signal), staleTime: 60_000 });
  const directory = useMemo(
    () => directoryOf(data ?? { devices: [], practitioners: [], organizations: [], groups: [], teams: [], items: [] }, language),
    [data, language],
  );
  return { ...directory, error, loading: isPending };
}

/** Roles, and roles in each department. */
export function roleOptions(departments: readonly Option[], language: Language): { roles: Option[]; rolesAt: Option[] } {
  const all = [...roles.keys()].map(role => ({ value: `PractitionerRole?${systems.role}|${role}`, label: nameOf(roles, role, language), search: role }));
  const rolesAt = departments.flatMap(department => {
    const code = department.value.slice(department.value.lastIndexOf('|') + 1);
    return ['doctor', 'nurse', 'technician'].map(role => ({
      value: `PractitionerRole?${systems.role}|${role}@${code}`,
      label: language === 'zh' ? `${department.label}${nameOf(roles, role, language)}` : `${nameOf(roles, role, language)} of ${department.label}`,
      search: `${role}@${code}`,
    }));
  });
  return { roles: all, rolesAt };
}
