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
      ? {
          ...shared,
          colorPrimary: '#3d8bfd',
          colorInfo: '#3d8bfd',
          colorTextBase: '#e4eaf3',
          colorBgLayout: '#0b1018',
          colorBgContainer: '#121926',
          colorBgElevated: '#1a2333',
          colorBorder: '#2b374a',
          colorBorderSecondary: '#202b3c',
          controlItemBgActive: '#17345f',
          controlItemBgActiveHover: '#1c3e70',
        }
      : {
          ...shared,
          colorPrimary: '#1769d2',
          colorInfo: '#1769d2',
          colorTextBase: '#14233b',
          colorBgLayout: '#f1f5fa',
          colorBorderSecondary: '#e2e9f2',
          controlItemBgActive: '#deecfd',
          controlItemBgActiveHover: '#d2e4fb',
        },
    components: {
      Table: {
        cellPaddingBlockSM: 5,
        cellPaddingInlineSM: 12,
        headerBg: dark ? '#172131' : '#f6f9fd',
        headerSortActiveBg: dark ? '#172131' : '#f6f9fd',
        headerSortHoverBg: dark ? '#1c2739' : '#edf3fb',
        bodySortBg: 'transparent',
        borderColor: dark ? '#1e2838' : '#edf1f7',
        headerSplitColor: 'transparent',
        rowHoverBg: dark ? '#16243a' : '#f0f6fe',
      },
      Result: { titleFontSize: 20, iconFontSize: 52 },
      Segmented: { trackPadding: 2 },
    },
  };
}
