import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { App, Button, Pagination, Space, theme, type InputRef } from 'antd';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { readFhir } from '../../api/fhir';
import { CallError } from '../../api/problem';
import { ErrorPanel } from '../../components/ErrorPanel';
import { useSession } from '../../hooks/useSession';
import { useTexts } from '../../i18n/preferences';
import { AccessDialog, type Wish } from '../approvals/AccessDialog';
import { GrantBanner } from '../approvals/GrantBanner';
import { OwnRequests, useOwnRequests } from '../approvals/OwnRequests';
import { useApprovalTexts } from '../approvals/texts';
import { patientNumber } from '../policies/api';
import { Filters } from './Filters';
import { StudyTable } from './StudyTable';
import type { QuickRange } from './dates';
import { searchStudies, type StudyFilter } from './search';
import type { StudyRow } from './study';

const everything: StudyFilter = {
  text: '',
  field: 'any',
  modalities: [],
  from: undefined,
  to: undefined,
  order: 'newest',
  page: 1,
  pageSize: 25,
};

/** How long typing must pause before a search starts, in ms. */
const typingPauseMs = 300;

function openInViewer(row: StudyRow): void {
  if (row.studyInstanceUid !== undefined) {
    window.open(`/viewer/viewer?StudyInstanceUIDs=${encodeURIComponent(row.studyInstanceUid)}`, '_blank', 'noopener');
  }
}

/** The first page: find a patient's study and open its images. What is searched for stays in memory, never in the address. */
export function StudyListPage(): ReactNode {
  const texts = useTexts();
  const { token } = theme.useToken();
  const [filter, setFilter] = useState(everything);
  const [range, setRange] = useState<QuickRange | undefined>('all');
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const access = useApprovalTexts();
  const { message } = App.useApp();
  const [wish, setWish] = useState<Wish>();
  const session = useSession();
  const user = session.kind === 'signedIn' || session.kind === 'expired' ? session.user : undefined;
  const own = useOwnRequests(user?.userName ?? '');
  // Whoever treats patients may ask for one whom he cannot see.
  const clinical = user?.roles.some(role => role === 'doctor' || role === 'nurse') === true;
  const searchBox = useRef<InputRef>(null);
  const list = useRef<HTMLDivElement>(null);

  const { data, error, isFetching, isPlaceholderData, refetch } = useQuery({
    queryKey: ['studies', filter],
    queryFn: ({ signal }) => searchStudies(filter, signal),
    placeholderData: keepPreviousData,
  });
  const rows = data?.rows ?? [];

  /** Shows the studies of a patient to whom access has just been given. */
  const showPatient = async (reference: string): Promise<void> => {
    const number = patientNumber(await readFhir<fhir4.Patient>(reference));
    setText(number);
    setFilter(old => ({ ...everything, order: old.order, pageSize: old.pageSize, text: number, field: 'patientId' }));
    setRange('all');
    void refetch();
  };

  const change = (next: Partial<StudyFilter>, nextRange?: QuickRange): void => {
    setFilter(old => ({ ...old, page: 1, ...next }));
    if ('from' in next) setRange(nextRange ?? (next.from === undefined && next.to === undefined ? 'all' : undefined));
    setActive(0);
  };

  useEffect(() => {
    const timer = setTimeout(() => {
      setFilter(old => (old.text === text ? old : { ...old, text, page: 1 }));
    }, typingPauseMs);
    return () => clearTimeout(timer);
  }, [text]);

  useEffect(() => {
    const slash = (event: globalThis.KeyboardEvent): void => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, [role="combobox"]') !== null;
      if (event.key === '/' && !typing) {
        event.preventDefault();
        searchBox.current?.focus({ cursor: 'all' });
      }
    };
    document.addEventListener('keydown', slash);
    return () => document.removeEventListener('keydown', slash);
  }, []);

  const move = (to: number): void => {
    const index = Math.max(0, Math.min(rows.length - 1, to));
    setActive(index);
    list.current?.querySelectorAll('tr.ant-table-row')[index]?.scrollIntoView({ block: 'nearest' });
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    const target = event.target as HTMLElement;
    const inSearch = target === searchBox.current?.input;
    if (!inSearch && target.closest('input, [role="combobox"], .ant-pagination, button') !== null) return;
    const row = rows[active];
    switch (event.key) {
      case 'ArrowDown':
        move(inSearch ? active : active + 1);
        if (inSearch) list.current?.focus();
        break;
      case 'ArrowUp':
        if (active === 0) searchBox.current?.focus();
        else move(active - 1);
        break;
      case 'Home':
        if (inSearch) return;
        move(0);
        break;
      case 'End':
        if (inSearch) return;
        move(rows.length - 1);
        break;
      case 'Enter':
        if (inSearch || row === undefined) return;
        openInViewer(row);
        break;
      default:
        return;
    }
    event.preventDefault();
  };

  const first = (filter.page - 1) * filter.pageSize + 1;
  const total = data?.total ?? 0;
  const filtered = filter.text !== '' || filter.modalities.length > 0 || filter.from !== undefined || filter.to !== undefined;

  return (
    <main style={{ display: 'contents' }} onKeyDown={onKeyDown}>
      <div style={{ background: token.colorBgLayout, display: 'flex', flexDirection: 'column', flex: 1, minHeight: 0 }}>
        <Filters
          filter={filter}
          text={text}
          range={range}
          busy={isFetching}
          searchBox={searchBox}
          onText={setText}
          onChange={change}
          onReset={() => {
            setText('');
            setFilter(old => ({ ...everything, order: old.order, pageSize: old.pageSize }));
            setRange('all');
            searchBox.current?.focus();
          }}
          onRefresh={() => void refetch()}
          extra={
            clinical && (
              <Space size={8}>
                <OwnRequests requests={own.requests} onRemove={own.remove} onShow={patient => void showPatient(patient)} />
                <Button onClick={() => setWish('request')}>{access.request}</Button>
                <Button danger onClick={() => setWish('emergency')}>{access.emergency}</Button>
              </Space>
            )
          }
        />
        {clinical && (
          <AccessDialog
            wish={wish}
            onClose={() => setWish(undefined)}
            onRequested={request => {
              own.add(request);
              void message.success(access.sent);
            }}
            onTaken={patient => {
              void message.warning(access.taken);
              void showPatient(patient);
            }}
          />
        )}
        <GrantBanner grants={data?.grants ?? []} />
        <section
          ref={list}
          className="list"
          tabIndex={0}
          aria-label={texts.studies}
          style={{ background: token.colorBgContainer, border: `1px solid ${token.colorBorderSecondary}` }}
        >
          <div className="rows">
            {error && !(error instanceof CallError && error.status === 401) ? (
              <ErrorPanel error={error} onRetry={() => void refetch()} />
            ) : (
              <StudyTable
                rows={rows}
                active={active}
                order={filter.order}
                loading={isFetching && (data === undefined || isPlaceholderData)}
                filtered={filtered}
                onActivate={setActive}
                onOpen={openInViewer}
                onOrder={order => change({ order })}
              />
            )}
          </div>
          <footer className="foot" style={{ borderTop: `1px solid ${token.colorBorderSecondary}` }}>
            <span className="quiet" data-testid="total" aria-live="polite">
              {data !== undefined && !error ? texts.total(total, first, first + rows.length - 1) : ''}
            </span>
            <Pagination
              size="small"
              current={filter.page}
              pageSize={filter.pageSize}
              total={total}
              showSizeChanger
              pageSizeOptions={[25, 50, 100]}
              hideOnSinglePage={total <= 25}
              onChange={(page, pageSize) => change({ page: pageSize === filter.pageSize ? page : 1, pageSize })}
            />
          </footer>
        </section>
      </div>
    </main>
  );
}
