import { createContext, use, useEffect, useMemo, useState, type ReactNode } from 'react';
import { en } from './en';
import { zh, type Texts } from './zh';

export type Language = 'zh' | 'en';
export type Appearance = 'light' | 'dark' | 'system';

/** What a user prefers on this device. Kept in local storage; nothing of a patient is ever kept there. */
interface Preferences {
  readonly language: Language;
  readonly appearance: Appearance;
  readonly dark: boolean;
  readonly texts: Texts;
  readonly setLanguage: (language: Language) => void;
  readonly setAppearance: (appearance: Appearance) => void;
}

const PreferencesContext = createContext<Preferences | undefined>(undefined);

function stored<T extends string>(key: string, allowed: readonly T[], otherwise: T): T {
  const value = localStorage.getItem(key);
  return allowed.find(a => a === value) ?? otherwise;
}

function useSystemDark(): boolean {
  const [query] = useState(() => matchMedia('(prefers-color-scheme: dark)'));
  const [dark, setDark] = useState(query.matches);
  useEffect(() => {
    const listen = (event: MediaQueryListEvent): void => setDark(event.matches);
    query.addEventListener('change', listen);
    return () => query.removeEventListener('change', listen);
  }, [query]);
  return dark;
}

export function PreferencesProvider({ children }: { children: ReactNode }): ReactNode {
  const [language, setLanguage] = useState(() => stored<Language>('trefoil.language', ['zh', 'en'], 'zh'));
  const [appearance, setAppearance] = useState(() => stored<Appearance>('trefoil.appearance', ['light', 'dark', 'system'], 'system'));
  const systemDark = useSystemDark();
  const dark = appearance === 'system' ? systemDark : appearance === 'dark';

  useEffect(() => {
    localStorage.setItem('trefoil.language', language);
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.title = (language === 'zh' ? zh : en).productName;
  }, [language]);
  useEffect(() => {
    localStorage.setItem('trefoil.appearance', appearance);
    document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  }, [appearance, dark]);

  const value = useMemo(
    () => ({ language, appearance, dark, texts: language === 'zh' ? zh : en, setLanguage, setAppearance }),
    [language, appearance, dark],
  );
  return <PreferencesContext value={value}>{children}</PreferencesContext>;
}

export function usePreferences(): Preferences {
  const preferences = use(PreferencesContext);
  if (!preferences) throw new Error('usePreferences outside PreferencesProvider');
  return preferences;
}

export function useTexts(): Texts {
  return usePreferences().texts;
}
