// Compiles the FSH of the guide with SUSHI, without a network beside the first `npm ci`.
//
//   node compile.mjs TARGET check    fail when it does not compile, or when the committed JSON is not what it compiles to
//   node compile.mjs TARGET write    compile and replace the committed JSON
//
// TARGET/home holds the FHIR definitions to compile against; org.trefoilhub.ig.CorePackage writes them there.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const target = resolve(process.argv[2] ?? join(here, 'target'));
const task = process.argv[3] ?? 'check';
const committed = join(here, 'src', 'main', 'resources', 'org', 'trefoilhub', 'ig', 'package');

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path).sort().flatMap(name => filesUnder(join(path, name)));
}

function hashOf(paths) {
  const hash = createHash('sha256');
  for (const file of paths.flatMap(filesUnder)) {
    hash.update(relative(here, file)).update('\0').update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function run(command, args, options) {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26, ...options });
  if (result.status !== 0) {
    fail(`${command} ${args.join(' ')} failed: ${result.error?.message ?? `exit ${result.status}`}\n${result.stdout ?? ''}${result.stderr ?? ''}`);
  }
  return result.stdout;
}

const inputs = ['input', 'sushi-config.yaml', 'package-lock.json', 'compile.mjs'].map(name => join(here, name));
const stamp = join(target, 'stamps', 'sushi.sha256');
const state = () => hashOf([...inputs, committed]);
if (task === 'check' && existsSync(stamp) && readFileSync(stamp, 'utf8') === state()) process.exit(0);

const modules = join(here, 'node_modules');
const installed = join(modules, '.installed.sha256');
const lock = hashOf([join(here, 'package-lock.json')]);
if (!existsSync(installed) || readFileSync(installed, 'utf8') !== lock) {
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here });
  writeFileSync(installed, lock);
}

const home = join(target, 'home');
if (!existsSync(join(home, '.fhir', 'packages', 'hl7.fhir.r4.core#4.0.1', 'package', 'package.json'))) {
  fail(`the FHIR definitions are missing in ${home}: run org.trefoilhub.ig.CorePackage, as the build does`);
}
const out = join(target, 'sushi');
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
// No registry answers at that address: what is not in the home folder is not loaded, here as everywhere.
const report = run(process.execPath, [join(modules, 'fsh-sushi', 'dist', 'app.js'), 'build', here, '-o', out], {
  env: { ...process.env, HOME: home, FHIR_REGISTRY: 'http://localhost:9' },
});
writeFileSync(join(target, 'sushi.log'), report);
if (!/\b0 Errors/.test(report)) fail(report);

// One line of text per element, whatever SUSHI's version thinks of white space.
const compiled = new Map(
  filesUnder(join(out, 'fsh-generated', 'resources')).map(file => {
    const name = relative(join(out, 'fsh-generated', 'resources'), file);
    const resource = JSON.parse(readFileSync(file, 'utf8'));
    return [name, `${JSON.stringify(resource, null, 1)}\n`];
  }),
);
if (task === 'write') {
  rmSync(committed, { recursive: true, force: true });
  mkdirSync(committed, { recursive: true });
  for (const [name, text] of compiled) writeFileSync(join(committed, name), text);
} else {
  const stored = new Map(filesUnder(committed).map(file => [relative(committed, file), readFileSync(file, 'utf8')]));
  const stale = [...new Set([...compiled.keys(), ...stored.keys()])].filter(name => compiled.get(name) !== stored.get(name));
  if (stale.length > 0) fail(`not what the FSH compiles to, run \`node compile.mjs target write\`: ${stale.join(', ')}`);
}
mkdirSync(dirname(stamp), { recursive: true });
writeFileSync(stamp, state());
console.log(`guide: ${compiled.size} resources compiled`);
