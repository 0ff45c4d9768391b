import { CheckCircleOutlined } from '@ant-design/icons';
import { Alert, Skeleton, Tag } from 'antd';
import type { ReactNode } from 'react';
import { usePreferences } from '../../i18n/preferences';
import type { Effect } from './api';
import type { Directory } from './directory';
import { usePolicyTexts } from './texts';
import { actions, interfaces, nameOf, resourceTypes, systems } from './vocabulary';

interface Props {
  readonly effects: readonly Effect[] | undefined;
  readonly error: Error | undefined;
  readonly stale: boolean;
  readonly directory: Directory;
}

/** What a policy would show and hide, for each user and system, by kind of data. */
export function Simulation({ effects, error, stale, directory }: Props): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  if (error) return <Alert type="error" showIcon title={texts.refused} description={error.message} />;
  if (effects === undefined) return <Skeleton active paragraph={{ rows: 4 }} title={false} />;
  if (effects.length === 0) {
    return <Alert type="success" showIcon icon={<CheckCircleOutlined />} title={texts.noEffect} description={texts.noEffectText} />;
  }
  const sorted = [...effects].sort((a, b) => b.vanish + b.appear - (a.vanish + a.appear));
  const nameOfSubject = (e: Effect): string =>
    directory.names(e.kind === 'user' ? `Practitioner?${systems.user}|${e.name}` : `Device?${systems.client}|${e.name}`) ?? e.name;
  return (
    <div className="simulation" data-testid="simulation">
      {stale && <Alert type="warning" showIcon title={texts.stale} />}
      <div className="strong">{texts.affected(new Set(effects.map(e => `${e.kind} ${e.name}`)).size)}</div>
      <ul>
        {sorted.map(effect => (
          <li key={`${effect.kind} ${effect.name}`} data-subject={effect.name}>
            <div className="subject">
              <span className="strong one-line">{nameOfSubject(effect)}</span>
              <span className="small quiet one-line">{effect.kind === 'user' ? texts.user : texts.system} · {effect.name}</span>
              <span className="push" />
              {effect.appear > 0 && <Tag color="green" variant="filled">+{effect.appear}</Tag>}
              {effect.vanish > 0 && <Tag color="red" variant="filled">−{effect.vanish}</Tag>}
            </div>
            <div className="small">
              {effect.types.map(type => (
                <span className="type" key={type.name}>
                  {nameOf(resourceTypes, type.name, language)}
                  {type.appear > 0 && <span className="appear"> +{type.appear}</span>}
                  {type.vanish > 0 && <span className="vanish"> −{type.vanish}</span>}
                </span>
              ))}
            </div>
            <div className="small quiet">
              {texts.through} {nameOf(interfaces, effect.door, language)} · {nameOf(actions, effect.action, language)}
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}
