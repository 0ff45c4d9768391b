// OHIF loads this classic script before its own bundle. The configuration itself is made by our modules, after login:
// OHIF accepts a function and waits for it.
window.config = Object.assign(
  async () => (await import('/viewer/trefoil/main.mjs')).configure(),
  { routerBasename: '/viewer' },
);
