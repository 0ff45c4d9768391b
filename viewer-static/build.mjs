// Builds the static files of the console and of the viewer into TARGET/classes/static.
//
//   node build.mjs TARGET         build what changed since the last run
//   node build.mjs TARGET test    run the unit tests of both
//
// A step runs only when the hash over its inputs differs from the one its last run left behind, so Maven may call
// this in every build. Uses nothing but Node itself: it is what installs the rest.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, 'target'));
const task = process.argv[3] ?? 'build';
const consoleDir = join(here, 'console');
const ohifDir = join(here, 'ohif');

/** Every file under `path` (or `path` itself), in a stable order. */
function filesUnder(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .filter(name => name !== 'node_modules' && name !== 'test-results' && name !== 'dist')
    .flatMap(name => filesUnder(join(path, name)));
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesUnder)) {
    hash.update(relative(here, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (result.status !== 0) {
    console.error(`${command} ${args.join(' ')} failed in ${cwd}: ${result.error?.message ?? `exit ${result.status}`}`);
    process.exit(1);
  }
}

/** Runs `step` unless `output` exists and was made from the same inputs. */
function ifChanged(name, inputs, output, step) {
  const stamp = join(target, 'stamps', `${name}.sha256`);
  const hash = hashOf([join(here, 'build.mjs'), ...inputs]);
  if (existsSync(output) && existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  const started = Date.now();
  rmSync(stamp, { force: true });
  step();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, hash);
  console.log(`${name}: built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

function installConsole() {
  const lock = join(consoleDir, 'package-lock.json');
  const modules = join(consoleDir, 'node_modules');
  const stamp = join(modules, '.installed.sha256');
  const hash = hashOf([lock]);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return;
  // Nothing this project installs needs its install script: esbuild's binary comes as a package of its own.
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], consoleDir);
  writeFileSync(stamp, hash);
}

const skipChecks = process.env.TREFOIL_CHECKS_SKIP === 'true';
const consoleInputs = [
  'src', 'public', 'index.html', 'package.json', 'package-lock.json', 'vite.config.ts', 'tsconfig.json', 'eslint.config.js',
].map(name => join(consoleDir, name));

const viewerInputs = [
  ...['app-config.js', 'extension', 'favicon.svg', 'package.mjs', 'release.json', 'rewrites.mjs'].map(name => join(ohifDir, name)),
  join(here, 'compress.mjs'),
];

if (task === 'test') {
  installConsole();
  run('npm', ['run', '--silent', 'test'], consoleDir);
  run('node', ['--test', '--test-reporter=dot', join(ohifDir, 'test')], ohifDir);
} else {
  const statics = join(target, 'classes', 'static');
  ifChanged('viewer', viewerInputs, join(statics, 'viewer', 'index.html'), () =>
    run('node', [join(ohifDir, 'package.mjs'), join(target, 'ohif'), join(statics, 'viewer')], ohifDir));
  ifChanged('console', consoleInputs, join(statics, 'console', 'index.html'), () => {
    installConsole();
    if (!skipChecks) {
      run('npm', ['run', '--silent', 'typecheck'], consoleDir);
      run('npm', ['run', '--silent', 'lint'], consoleDir);
    }
    run('npx', ['--no-install', 'vite', 'build', '--outDir', join(statics, 'console'), '--emptyOutDir'], consoleDir);
    run('node', [join(here, 'compress.mjs'), join(statics, 'console')], here);
  });
}
