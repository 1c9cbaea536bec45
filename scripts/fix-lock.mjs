// Completes package-lock.json with the packages for other platforms.
//
//   node scripts/fix-lock.mjs           adds what is missing
//   node scripts/fix-lock.mjs --check   exits 1 when something is missing
//
// When a registry lacks the builds for other machines, `npm install` drops them from the lock, `npm ci` then refuses the
// lock, and people on those machines get no binary. This writes each one back as npm would: optional, in the version
// that its parent asks for, with os, cpu and libc taken from its name. The checksum stays out, since nothing was fetched.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const lockFile = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(lockFile, 'utf8'));
const missing = findMissing(lock.packages);

if (process.argv.includes('--check')) {
  for (const [path] of missing) console.error(`missing from package-lock.json: ${path}`);
  if (missing.length > 0) console.error('Run: node scripts/fix-lock.mjs');
  process.exit(missing.length > 0 ? 1 : 0);
}

for (const [path, entry] of missing) lock.packages[path] = entry;
const root = lock.packages[''];
// `extraneous` entries are what npm found in node_modules without anybody asking for it.
const rest = Object.entries(lock.packages).filter(([path, entry]) => path !== '' && !entry.extraneous);
// npm sorts by the locale's collation; the same order keeps the next diff small.
lock.packages = { '': root, ...Object.fromEntries(rest.sort(([a], [b]) => a.localeCompare(b, 'en'))) };
if (missing.length > 0) writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${missing.length} entries added`);

/** Lock entries for optional dependencies on exact versions that resolve to nothing. */
function findMissing(packages) {
  const found = new Map();
  for (const [parentPath, parent] of Object.entries(packages)) {
    for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
      const version = /^[\^~]?(\d+\.\d+\.\d+[\w.-]*)$/.exec(range)?.[1];
      if (!version || resolves(packages, parentPath, name)) continue;
      const path = `node_modules/${name}`;
      const nested = packages[path] || found.get(path)?.version;
      found.set(nested && nested !== version ? `${parentPath}/${path}` : path, makeEntry(name, version, parent));
    }
  }
  return [...found];
}

/** Node's resolution: the parent's own node_modules, then those of the folders above. */
function resolves(packages, parentPath, name) {
  for (let base = parentPath; ; base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${base ? `${base}/` : ''}node_modules/${name}`]) return true;
    if (base === '') return false;
  }
}

function makeEntry(name, version, parent) {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const pick = (table) => words.map((word) => table[word]).filter(Boolean);
  const os = pick({
    android: 'android',
    darwin: 'darwin',
    freebsd: 'freebsd',
    linux: 'linux',
    win32: 'win32',
    windows: 'win32',
  });
  const cpu = pick({
    x64: 'x64',
    amd64: 'x64',
    arm64: 'arm64',
    arm: 'arm',
    ia32: 'ia32',
    ppc64: 'ppc64',
    s390x: 's390x',
    riscv64: 'riscv64',
    wasm32: 'wasm32',
  });
  const libc = pick({ gnu: 'glibc', musl: 'musl' });
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(parent.dev && { dev: true }),
    ...(libc.length > 0 && os.includes('linux') && { libc }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}
