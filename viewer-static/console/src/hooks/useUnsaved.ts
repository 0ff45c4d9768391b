import { App } from 'antd';
import { useEffect } from 'react';
import { useNavigate } from 'react-router';

export interface LeaveWords {
  readonly leaveTitle: string;
  readonly leaveText: string;
  readonly leave: string;
  readonly stay: string;
}

/** Asks before a click on a link of the console, a reload or closing the page would lose what is not saved. */
export function useUnsaved(unsaved: boolean, words: LeaveWords): void {
  const { modal } = App.useApp();
  const navigate = useNavigate();
  const { leaveTitle, leaveText, leave, stay } = words;
  useEffect(() => {
    if (!unsaved) return undefined;
    const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault();
    const onClick = (event: MouseEvent): void => {
      const link = event.target instanceof Element ? event.target.closest('a[href^="/console/"]') : null;
      const path = link?.getAttribute('href');
      if (typeof path !== 'string' || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      event.stopPropagation();
      void modal.confirm({
        title: leaveTitle,
        content: leaveText,
        okText: leave,
        cancelText: stay,
        okButtonProps: { danger: true },
        onOk: () => void navigate(path.slice('/console'.length)),
      });
    };
    addEventListener('beforeunload', onUnload);
    document.addEventListener('click', onClick, true);
    return () => {
      removeEventListener('beforeunload', onUnload);
      document.removeEventListener('click', onClick, true);
    };
  }, [unsaved, modal, navigate, leaveTitle, leaveText, leave, stay]);
}
