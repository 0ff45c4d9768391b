// Our extension of OHIF. It must not be named in a mode's `extensions`: OHIF would try to import it by that name.
import { authorizationHeader, signInByPage } from './session.mjs';

/** OHIF's header has a fixed height; the mark keeps to its colours. */
const styles = `
.trefoil-logo { display: inline-flex; align-items: center; gap: 8px; color: #eaf2ff; font-size: 17px; font-weight: 600; letter-spacing: .02em; text-decoration: none; padding-left: 8px }
.trefoil-logo:hover { color: #fff }
body, button, input, select { font-family: Inter, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "WenQuanYi Zen Hei", sans-serif }
`;

export default {
  id: 'trefoil.extension',

  preRegistration({ servicesManager }) {
    const { userAuthenticationService } = servicesManager.services;
    userAuthenticationService.setServiceImplementation({
      getAuthorizationHeader: authorizationHeader,
      handleUnauthenticated: () => {
        signInByPage();
        return null;
      },
    });
    const style = document.createElement('style');
    style.textContent = styles;
    document.head.append(style);
  },

  onModeEnter() {
    document.title = 'Trefoil 影像浏览';
  },

  getCustomizationModule() {
    // No tours: a reading room has no use for them, and they cover the images.
    return [{ name: 'global', value: { 'ohif.tours': { $set: [] } } }];
  },
};
