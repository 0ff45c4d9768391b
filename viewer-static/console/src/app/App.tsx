import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { App as AntApp, Button, ConfigProvider, Modal, Result, Spin } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import { BrowserRouter, Link, Navigate, Route, Routes } from 'react-router';
import { CallError } from '../api/problem';
import { signInByPage } from '../api/session';
import { ErrorPanel } from '../components/ErrorPanel';
import { Logo } from '../components/Logo';
import { ApprovalsPage } from '../features/approvals/ApprovalsPage';
import { AuditPage } from '../features/audit/AuditPage';
import { PoliciesPage } from '../features/policies/PoliciesPage';
import { PolicyEditorPage } from '../features/policies/PolicyEditorPage';
import { SpecialPatientsPage } from '../features/special/SpecialPatientsPage';
import { StudyListPage } from '../features/worklist/StudyListPage';
import { useSession } from '../hooks/useSession';
import { PreferencesProvider, usePreferences, useTexts } from '../i18n/preferences';
import { Shell } from './Shell';
import { homeOf, pagesOf, type PageLink } from './pages';
import { themeOf } from './theme';

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      refetchOnWindowFocus: true,
      // What the server decided stays decided; only a lost connection or an overloaded server is worth a second try.
      retry: (count, error) => count < 1 && error instanceof CallError && (error.status === 0 || error.status >= 502),
    },
  },
});

const routes: Readonly<Record<PageLink['name'], readonly ReactElement[]>> = {
  studies: [<Route key="studies" path="/" element={<StudyListPage />} />],
  policies: [
    <Route key="policies" path="/policies" element={<PoliciesPage />} />,
    <Route key="policy" path="/policies/:id" element={<PolicyEditorPage />} />,
  ],
  specialPatients: [<Route key="special" path="/special-patients" element={<SpecialPatientsPage />} />],
  approvals: [<Route key="approvals" path="/approvals" element={<ApprovalsPage />} />],
  audit: [<Route key="audit" path="/audit" element={<AuditPage />} />],
};

function NotFound(): ReactNode {
  const texts = useTexts();
  return <Result status="404" title={texts.notFound} extra={<Link to="/">{texts.backToList}</Link>} />;
}

function Pages(): ReactNode {
  const session = useSession();
  const texts = useTexts();
  switch (session.kind) {
    case 'starting':
      return (
        <div className="whole-page">
          <span className="logo"><Logo size={56} /></span>
          <Spin description={texts.signingIn} />
        </div>
      );
    case 'signedOut':
      return (
        <div className="whole-page">
          <span className="logo"><Logo size={56} /></span>
          <div>{texts.signedOut}</div>
          <Button type="primary" onClick={() => void signInByPage()}>{texts.signIn}</Button>
        </div>
      );
    case 'failed':
      return (
        <div className="whole-page">
          <h1>{texts.signInFailed}</h1>
          <ErrorPanel error={session.error} onRetry={() => void signInByPage()} />
        </div>
      );
    case 'expired':
    case 'signedIn':
      return (
        <Shell user={session.user}>
          <Routes>
            {pagesOf(session.user).flatMap(page => routes[page.name])}
            {homeOf(session.user) !== '/' && <Route path="/" element={<Navigate to={homeOf(session.user)} replace />} />}
            <Route path="*" element={<NotFound />} />
          </Routes>
          <Modal
            open={session.kind === 'expired'}
            title={texts.expiredTitle}
            closable={false}
            keyboard={false}
            mask={{ closable: false, blur: true }}
            footer={<Button type="primary" onClick={() => void signInByPage()}>{texts.signInAgain}</Button>}
          >
            {texts.expiredText}
          </Modal>
        </Shell>
      );
  }
}

function ThemedPages(): ReactNode {
  const { language, dark } = usePreferences();
  const theme = useMemo(() => themeOf(dark), [dark]);
  return (
    <ConfigProvider locale={language === 'zh' ? zhCN : enUS} theme={theme} button={{ autoInsertSpace: false }}>
      <AntApp style={{ height: '100%' }}>
        <BrowserRouter basename="/console">
          <Pages />
        </BrowserRouter>
      </AntApp>
    </ConfigProvider>
  );
}

export function App(): ReactNode {
  return (
    <QueryClientProvider client={queryClient}>
      <PreferencesProvider>
        <ThemedPages />
      </PreferencesProvider>
    </QueryClientProvider>
  );
}
