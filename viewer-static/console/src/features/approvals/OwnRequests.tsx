import { useQueries } from '@tanstack/react-query';
import { Badge, Button, Popover, Tag } from 'antd';
import { useState, type ReactNode } from 'react';
import { operate, valueOf } from '../../api/fhir';
import { minuteText } from '../../components/time';
import { useApprovalTexts } from './texts';

const key = 'trefoil.access-requests';

/** Numbers of the user's own requests, for as long as this tab lives; they say nothing of a patient. */
export function useOwnRequests(user: string): { readonly requests: readonly string[]; readonly add: (request: string) => void; readonly remove: (request: string) => void } {
  const [requests, setRequests] = useState<readonly string[]>(() => {
    const stored = JSON.parse(sessionStorage.getItem(key) ?? '{}') as Record<string, string[] | undefined>;
    return stored[user] ?? [];
  });
  const keep = (next: readonly string[]): void => {
    sessionStorage.setItem(key, JSON.stringify({ [user]: next }));
    setRequests(next);
  };
  return {
    requests,
    add: request => keep([request, ...requests]),
    remove: request => keep(requests.filter(r => r !== request)),
  };
}

interface Props {
  readonly requests: readonly string[];
  readonly onRemove: (request: string) => void;
  readonly onShow: (patient: string) => void;
}

/** What became of one's own requests. */
export function OwnRequests({ requests, onRemove, onShow }: Props): ReactNode {
  const texts = useApprovalTexts();
  const [open, setOpen] = useState(false);
  const states = useQueries({
    queries: requests.map(request => ({
      queryKey: ['own-request', request],
      queryFn: ({ signal }: { signal: AbortSignal }) => operate('Patient/$request-access', [{ name: 'request', valueString: request }], signal),
      refetchInterval: 15_000,
    })),
  });
  if (requests.length === 0) return null;
  const approved = states.filter(s => valueOf(s.data?.parameter, 'status') === 'approved').length;
  return (
    <Popover
      trigger="click"
      open={open}
      onOpenChange={setOpen}
      placement="bottomRight"
      title={texts.mine}
      content={
        <ul className="own-requests" data-testid="own-requests">
          {requests.map((request, index) => {
            const parameter = states[index]?.data?.parameter;
            const status = valueOf(parameter, 'status') as keyof typeof texts.mineStates | undefined;
            const patient = valueOf(parameter, 'patient');
            return (
              <li key={request} data-status={status} className="row">
                <Tag color={status === 'approved' ? 'green' : status === 'rejected' ? 'red' : 'gold'} variant="filled">
                  {status === undefined ? '…' : texts.mineStates[status]}
                </Tag>
                <span className="small grow">
                  {valueOf(parameter, 'reason')}
                  {status === 'approved' && <span className="quiet"> {texts.until} {minuteText(valueOf(parameter, 'until'))}</span>}
                </span>
                {patient !== undefined && (
                  <Button
                    size="small"
                    type="primary"
                    onClick={() => {
                      // What it covers is what one wants to see now.
                      setOpen(false);
                      onShow(patient);
                    }}
                  >
                    {texts.show}
                  </Button>
                )}
                <Button size="small" type="text" onClick={() => onRemove(request)}>{texts.forget}</Button>
              </li>
            );
          })}
        </ul>
      }
    >
      <Badge count={approved} size="small">
        <Button>{texts.mine} {requests.length}</Button>
      </Badge>
    </Popover>
  );
}
