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
          colorPrimary: '#2ba897',
          colorInfo: '#2ba897',
          colorTextBase: '#e3ecec',
          colorBgLayout: '#0c1213',
          colorBgContainer: '#131b1d',
          colorBgElevated: '#1b2628',
          colorBorder: '#2c3a3d',
          colorBorderSecondary: '#212c2f',
          controlItemBgActive: '#17403b',
          controlItemBgActiveHover: '#1b4b45',
        }
      : {
          ...shared,
          colorPrimary: '#0e8a7d',
          colorInfo: '#0e8a7d',
          colorTextBase: '#16282b',
          colorBgLayout: '#f2f6f6',
          colorBorderSecondary: '#e4ebeb',
          controlItemBgActive: '#dcf1ed',
          controlItemBgActiveHover: '#d0ebe6',
        },
    components: {
      Table: {
        cellPaddingBlockSM: 5,
        cellPaddingInlineSM: 12,
        headerBg: dark ? '#182224' : '#f7fafa',
        headerSortActiveBg: dark ? '#182224' : '#f7fafa',
        headerSortHoverBg: dark ? '#1d292c' : '#eef5f4',
        bodySortBg: 'transparent',
        borderColor: dark ? '#1f2a2d' : '#edf2f2',
        headerSplitColor: 'transparent',
        rowHoverBg: dark ? '#18292a' : '#eff8f6',
      },
      Result: { titleFontSize: 20, iconFontSize: 52 },
      Segmented: { trackPadding: 2 },
    },
  };
}
