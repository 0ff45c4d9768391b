import { Select } from 'antd';
import { useId, type ReactNode } from 'react';
import { usePreferences } from '../../i18n/preferences';
import { isFoundBy, roleOptions, type Directory, type Option } from './directory';
import { referenceToken } from './policy';
import { usePolicyTexts } from './texts';
import { actorName } from './words';

interface Props {
  readonly label: string;
  readonly placeholder: string;
  readonly value: readonly fhir4.ConsentProvisionActor[];
  readonly directory: Directory;
  readonly make: (token: string) => fhir4.ConsentProvisionActor;
  readonly onChange: (actors: fhir4.ConsentProvisionActor[]) => void;
}

/** People, roles, departments and teams. */
export function ActorChoices({ label, placeholder, value, directory, make, onChange }: Props): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const id = useId();
  const { roles, rolesAt } = roleOptions(directory.departments, language);
  const groups: readonly (readonly [string, readonly Option[]])[] = [
    [texts.groups.people, directory.people],
    [texts.groups.teams, directory.teams],
    [texts.groups.departments, directory.departments],
    [texts.groups.roles, roles],
    [texts.groups.rolesAt, rolesAt],
  ];
  const offered = new Set(groups.flatMap(([, options]) => options.map(o => o.value)));
  const tokens = value.map(a => referenceToken(a.reference));
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <Select<string[]>
        id={id}
        mode="multiple"
        value={tokens}
        placeholder={placeholder}
        allowClear
        showSearch={{ filterOption: (text, option) => isFoundBy(text, option) }}
        options={[
          ...tokens.filter(t => !offered.has(t)).map(t => ({ value: t, label: actorName(t, directory.names, language) })),
          ...groups.map(([title, options]) => ({ label: title, title, options: [...options] })),
        ] as { value: string; label: string }[]}
        onChange={next => onChange(next.map(t => value.find(a => referenceToken(a.reference) === t) ?? make(t)))}
      />
    </div>
  );
}
