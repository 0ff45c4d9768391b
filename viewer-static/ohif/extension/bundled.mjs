// What the release keeps in its bundles and offers no other way to.

/** The bundler hands its `require` to whoever pushes a chunk. */
export function bundled(moduleId) {
  let module = null;
  globalThis.rspackChunk.push([[`trefoil-${moduleId}-${Math.random()}`], {}, require => { module = require(moduleId); }]);
  return module;
}
