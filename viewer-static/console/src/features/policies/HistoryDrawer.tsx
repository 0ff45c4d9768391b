import { Drawer, Skeleton, Tag, Timeline } from 'antd';
import type { ReactNode } from 'react';
import { ErrorPanel } from '../../components/ErrorPanel';
import { secondText } from '../../components/time';
import { usePreferences } from '../../i18n/preferences';
import { usePolicyHistory } from './api';
import { changesOf } from './changes';
import { statusColours } from './status';
import { usePolicyTexts } from './texts';
import type { Names } from './words';

interface Props {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly policy: fhir4.Consent | undefined;
  readonly names: Names;
}

/** Every version of a policy, newest first, each with what it changed. */
export function HistoryDrawer({ open, onClose, policy, names }: Props): ReactNode {
  const texts = usePolicyTexts();
  const { language } = usePreferences();
  const { data, error, refetch } = usePolicyHistory(open ? policy?.id : undefined, policy?.meta?.versionId);
  return (
    <Drawer open={open} onClose={onClose} title={texts.historyOf} size={640}>
      {error ? (
        <ErrorPanel error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton active />
      ) : (
        <Timeline
          className="history"
          items={data.map((version, index) => {
            const older = data[index + 1];
            const changes = changesOf(older, version, names, language, texts);
            const by = version.performer?.[0];
            const who = by?.display ?? names(by?.reference ?? '');
            return {
              key: version.meta?.versionId ?? String(index),
              color: version.status === 'active' ? 'green' : 'gray',
              content: (
                <article data-version={version.meta?.versionId}>
                  <header>
                    <span className="strong">{texts.versionN(version.meta?.versionId ?? '')}</span>
                    <Tag color={statusColours[version.status] ?? 'default'} variant="filled">{texts.statuses[version.status] ?? version.status}</Tag>
                    {index === 0 && <Tag>{texts.current}</Tag>}
                    {older === undefined && <Tag>{texts.created}</Tag>}
                    <span className="push" />
                    <span className="small quiet">{secondText(version.meta?.lastUpdated)}{who === undefined ? '' : ` · ${who}`}</span>
                  </header>
                  {changes.length === 0 && <div className="quiet small">{texts.unchanged}</div>}
                  <dl className="changes">
                    {changes.map(change => (
                      <div key={`${change.where} ${change.what}`}>
                        <dt>{change.where} · {change.what}</dt>
                        <dd>
                          {change.removed.map(word => <del key={word}>{word}</del>)}
                          {change.added.map(word => <ins key={word}>{word}</ins>)}
                        </dd>
                      </div>
                    ))}
                  </dl>
                </article>
              ),
            };
          })}
        />
      )}
    </Drawer>
  );
}
