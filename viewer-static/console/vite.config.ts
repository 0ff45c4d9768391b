import { defineConfig } from 'vitest/config';

/** The hub that the development server passes its calls on to. */
const hub = process.env['HUB_URL'] ?? 'http://localhost:8080';
const passedOn = ['/fhir', '/dicom-web', '/oauth2', '/login', '/logout', '/viewer', '/.well-known', '/actuator'];

export default defineConfig({
  base: '/console/',
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      // antd marks its modules for servers that render React; here they mean nothing.
      onLog: (level, log, report) => {
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') report(level, log);
      },
      output: { codeSplitting: { groups: [{ name: 'vendor', test: /node_modules/ }] } },
    },
  },
  server: {
    port: 5173,
    proxy: Object.fromEntries(passedOn.map(path => [path, { target: hub, changeOrigin: false }])),
  },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
