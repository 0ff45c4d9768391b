import { Button, Result } from 'antd';
import type { ReactNode } from 'react';
import { CallError, noAnswer } from '../api/problem';
import { useTexts } from '../i18n/preferences';

/** Says what failed in words a clinician can act on, with the hub's own code for those who repair it. */
export function ErrorPanel({ error, onRetry }: { error: Error; onRetry?: () => void }): ReactNode {
  const texts = useTexts();
  const call = error instanceof CallError ? error : undefined;
  const [title, hint] =
    call?.status === noAnswer
      ? [texts.noAnswer, texts.noAnswerHint]
      : call?.status === 403
        ? [texts.forbidden, texts.forbiddenHint]
        : [texts.failed, texts.failedHint];
  const code = call?.code ?? (call && call.status !== noAnswer ? `HTTP ${call.status}` : undefined);
  const detail = code !== undefined && (
    <div className="error-detail small">
      <span className="quiet">{texts.errorCode}</span>
      <code>{code}</code>
      {call?.traceId !== undefined && <code>{call.traceId}</code>}
      {error.message !== '' && <div className="quiet">{error.message}</div>}
    </div>
  );
  return (
    <Result
      status={call?.status === 403 ? '403' : 'warning'}
      title={title}
      subTitle={hint}
      extra={
        <>
          {onRetry && <Button type="primary" onClick={onRetry}>{texts.retry}</Button>}
          {detail}
        </>
      }
      className="error-panel"
      role="alert"
    />
  );
}
