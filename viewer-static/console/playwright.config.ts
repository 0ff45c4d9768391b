import { defineConfig } from '@playwright/test';

/** Runs against a hub that is already up: HUB_URL. Pictures and the report lie under E2E_OUTPUT. */
const output = process.env['E2E_OUTPUT'] ?? '../target/e2e';

export default defineConfig({
  testDir: 'e2e',
  outputDir: `${output}/traces`,
  // One browser at a time: software rendering fills the cores by itself.
  workers: 1,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list'], ['json', { outputFile: `${output}/report.json` }]],
  use: {
    baseURL: process.env['HUB_URL'] ?? 'http://localhost:8080',
    viewport: { width: 1366, height: 768 },
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--use-gl=angle',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
      ],
    },
  },
});
