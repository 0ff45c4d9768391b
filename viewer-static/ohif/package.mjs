// node package.mjs CACHE OUT: lays the pinned OHIF release, ready to be served under /viewer/, into OUT.
//
// The release is taken as published (see release.json). Changed are only its absolute addresses: the build assumes
// that it lives at the root of a host. Each rewrite below must match at least once, else packaging fails: a new release
// then has to be looked at by a person.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compressDirectory } from '../compress.mjs';
import { base, bundledNames, dropped, rewrites } from './rewrites.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const [cache, out] = process.argv.slice(2);
const release = JSON.parse(readFileSync(join(here, 'release.json'), 'utf8'));
const tarball = join(cache, `${release.package.replace('@', '').replace('/', '-')}-${release.version}.tgz`);

function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  if (result.status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${result.error?.message ?? `exit ${result.status}`}`);
}

function integrityOf(file) {
  return `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
}

// The npm package names dependencies that were never published, so it is fetched alone, without installing it.
mkdirSync(cache, { recursive: true });
if (!existsSync(tarball) || integrityOf(tarball) !== release.integrity) {
  rmSync(tarball, { force: true });
  run('npm', ['pack', '--silent', `${release.package}@${release.version}`], cache);
}
if (integrityOf(tarball) !== release.integrity) {
  throw new Error(`${basename(tarball)} does not have the integrity that release.json pins`);
}

const unpacked = join(cache, 'package');
rmSync(unpacked, { recursive: true, force: true });
run('tar', ['-xzf', basename(tarball)], cache);
rmSync(out, { recursive: true, force: true });
mkdirSync(dirname(out), { recursive: true });
renameSync(join(unpacked, 'dist'), out);
cpSync(join(unpacked, 'LICENSE'), join(out, 'LICENSE.ohif.txt'));
rmSync(unpacked, { recursive: true, force: true });

const files = () => readdirSync(out, { withFileTypes: true, recursive: true })
  .filter(entry => entry.isFile())
  .map(entry => join(entry.parentPath ?? entry.path, entry.name));
for (const file of files()) if (dropped(file.slice(out.length + 1))) rmSync(file);
for (const name of ['ort', 'customizations']) rmSync(join(out, name), { recursive: true, force: true });

for (const { name, file, apply } of rewrites) {
  const matching = files().filter(path => file.test(path.slice(out.length + 1)));
  let changed = 0;
  for (const path of matching) {
    const before = readFileSync(path, 'utf8');
    const after = apply(before);
    if (after !== before) {
      writeFileSync(path, after);
      changed++;
    }
  }
  if (changed === 0) throw new Error(`rewrite '${name}' matched nothing in ${release.package} ${release.version}`);
}

const bundles = files().filter(path => /\.bundle\.[0-9a-f]+\.js$/.test(path)).map(path => readFileSync(path, 'utf8'));
const ours = join(out, 'trefoil');
mkdirSync(ours, { recursive: true });
cpSync(join(here, 'extension'), ours, { recursive: true });
const constants = { ohifVersion: release.version, base, ...bundledNames(bundles) };
writeFileSync(
  join(ours, 'release.mjs'),
  `// Written at packaging time.\n${Object.entries(constants).map(([name, value]) => `export const ${name} = ${JSON.stringify(value)};\n`).join('')}`,
);
cpSync(join(here, 'app-config.js'), join(out, 'app-config.js'));
cpSync(join(here, 'favicon.svg'), join(out, 'assets', 'trefoil.svg'));
await compressDirectory(out);
