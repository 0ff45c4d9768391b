// Makes OHIF's configuration: signs in, then says where the images are and how they are asked for.
import { renew, signIn, signInByPage } from './session.mjs';
import { showOwnNames } from './names.mjs';
import { addChinese } from './strings.mjs';
import { base } from './release.mjs';
import trefoilExtension from './extension.mjs';

/** The console keeps the user's language; without a choice the viewer speaks Chinese. */
function applyLanguage() {
  const language = localStorage.getItem('trefoil.language') === 'en' ? 'en-US' : 'zh';
  localStorage.setItem('i18nextLng', language);
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  addChinese(language);
}

function logo(React) {
  return React.createElement(
    'a',
    { href: '/console/', title: 'Trefoil', className: 'trefoil-logo', 'data-cy': 'trefoil-logo' },
    React.createElement('img', { src: `${base}assets/trefoil.svg`, alt: '', width: 26, height: 26 }),
    React.createElement('span', null, 'Trefoil'),
  );
}

export async function configure() {
  await signIn();
  // OHIF's own study list keeps its filters, patient names included, in the address: the console's list is the only one.
  if (location.pathname === base || location.pathname === base.slice(0, -1)) {
    location.replace('/console/');
    return new Promise(() => {});
  }
  applyLanguage();
  showOwnNames();
  return {
    name: 'trefoil',
    routerBasename: '/viewer',
    showStudyList: false,
    extensions: [trefoilExtension],
    modes: [],
    customizationService: {},
    investigationalUseDialog: { option: 'never' },
    showWarningMessageForCrossOrigin: false,
    showCPUFallbackMessage: true,
    showLoadingIndicator: true,
    showErrorDetails: 'production',
    strictZSpacingForVolumeViewport: true,
    showPatientInfo: 'visible',
    maxNumberOfWebWorkers: 3,
    // HTTP/1.1 gives a browser six connections to a host; more requests only wait in its queue.
    maxNumRequests: { interaction: 100, thumbnail: 5, prefetch: 10 },
    studyPrefetcher: { enabled: true, displaySetsCount: 2, maxNumPrefetchRequests: 4, order: 'closest' },
    whiteLabeling: { createLogoComponentFn: logo },
    httpErrorHandler: error => {
      if (error?.status === 401) renew().catch(() => signInByPage());
    },
    defaultDataSourceName: 'hub',
    dataSources: [
      {
        namespace: '@ohif/extension-default.dataSourcesModule.dicomweb',
        sourceName: 'hub',
        configuration: {
          friendlyName: 'Trefoil',
          name: 'hub',
          wadoUriRoot: `${location.origin}/dicom-web/wado`,
          qidoRoot: `${location.origin}/dicom-web`,
          wadoRoot: `${location.origin}/dicom-web`,
          qidoSupportsIncludeField: true,
          imageRendering: 'wadors',
          thumbnailRendering: 'thumbnail',
          thumbnailRequestStrategy: 'fetch',
          enableStudyLazyLoad: true,
          supportsFuzzyMatching: true,
          supportsWildcard: true,
          supportsReject: false,
          dicomUploadEnabled: false,
          omitQuotationForMultipartRequest: true,
          singlepart: 'bulkdata,video',
          bulkDataURI: { enabled: true, relativeResolution: 'studies' },
        },
      },
    ],
  };
}

