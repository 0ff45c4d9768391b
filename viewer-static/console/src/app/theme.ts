import { theme, type ThemeConfig } from 'antd';

const shared = {
  fontFamily:
    'Inter, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", sans-serif',
  fontSize: 14,
  borderRadius: 6,
  wireframe: false,
};

/** Calm and dense: a list that is read all day, beside pictures that must stay the brightest thing in the room. */
export function themeOf(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: dark
      ? { ...shared, colorPrimary: '#2ba897', colorInfo: '#2ba897', colorBgBase: '#0f1517', colorTextBase: '#e3ecec' }
      : { ...shared, colorPrimary: '#0e8a7d', colorInfo: '#0e8a7d', colorBgLayout: '#f2f6f6', colorTextBase: '#16282b' },
    components: {
      Table: {
        cellPaddingBlockSM: 5,
        cellPaddingInlineSM: 12,
        headerBg: dark ? '#162023' : '#f7fafa',
        headerSplitColor: 'transparent',
        rowHoverBg: dark ? '#18282a' : '#edf7f5',
      },
      Segmented: { trackPadding: 2 },
    },
  };
}
