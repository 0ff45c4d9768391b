import { DownOutlined, UserOutlined } from '@ant-design/icons';
import { Dropdown, type MenuProps } from 'antd';
import type { ReactNode } from 'react';
import { Link, NavLink } from 'react-router';
import { signOut, type User } from '../api/session';
import { Logo } from '../components/Logo';
import { pagesOf } from './pages';
import { usePreferences, type Appearance, type Language } from '../i18n/preferences';

/** The frame of every page: where one is, who one is. */
export function Shell({ user, children }: { user: User; children: ReactNode }): ReactNode {
  const { texts, language, appearance, dark, setLanguage, setAppearance } = usePreferences();
  const role = [...user.departments.map(d => texts.departments[d] ?? d), ...user.roles.map(r => texts.roles[r] ?? r)].join(' · ');
  const menu: MenuProps = {
    selectable: false,
    selectedKeys: [`language:${language}`, `appearance:${appearance}`],
    items: [
      {
        type: 'group',
        label: texts.language,
        children: [
          { key: 'language:zh', label: '中文' },
          { key: 'language:en', label: 'English' },
        ],
      },
      {
        type: 'group',
        label: texts.appearance,
        children: [
          { key: 'appearance:light', label: texts.light },
          { key: 'appearance:dark', label: texts.dark },
          { key: 'appearance:system', label: texts.system },
        ],
      },
      { type: 'divider' },
      { key: 'signOut', label: texts.signOut },
    ],
    onClick: ({ key }) => {
      const [what, value] = key.split(':');
      if (what === 'language') setLanguage(value as Language);
      else if (what === 'appearance') setAppearance(value as Appearance);
      else signOut();
    },
  };
  return (
    <div className={dark ? 'page dark' : 'page'}>
      <header className="bar">
        <Link className="logo" to="/" aria-label={texts.productName}>
          <Logo />
          <span className="name">{texts.productName}</span>
        </Link>
        {pagesOf(user).length > 1 && (
          <nav aria-label={texts.navigation}>
            {pagesOf(user).map(page => (
              <NavLink key={page.path} to={page.path} end={page.path === '/'}>{texts.pages[page.name]}</NavLink>
            ))}
          </nav>
        )}
        <span className="space" />
        <Dropdown menu={menu} trigger={['click']} placement="bottomRight">
          <button type="button" className="user" aria-label={texts.userMenu} data-testid="user-menu">
            <UserOutlined />
            <span>{user.displayName}</span>
            {role !== '' && <span className="role">{role}</span>}
            <DownOutlined style={{ fontSize: 10 }} />
          </button>
        </Dropdown>
      </header>
      {children}
    </div>
  );
}
