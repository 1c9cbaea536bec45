// Plain JavaScript for whatever Node (>= 20.9) is on the machine, with nothing installed yet: installs the packages and
// goes on under the pinned Node. Shared by scripts/start.mjs and scripts/test.mjs.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nodeFlags } from './node-flags.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const stampFile = join(root, 'node_modules/.openledger-stamp');
const logFile = join(root, '.cache/install.log');

/**
 * Installs what is missing, then runs `entry` (a .ts file, relative to the root) under the pinned Node with `args`,
 * passing signals on, and ends with its exit code.
 *
 * @param {string} entry
 * @param {string[]} args
 */
export async function bootstrap(entry, args) {
  try {
    requireNode(20, 9);
    process.chdir(root);
    await installWhenNeeded();
    runUnder(await pinnedNode(), entry, args);
  } catch (error) {
    console.error(`\n${error instanceof Error ? error.message : error}`);
    process.exit(1);
  }
}

function requireNode(major, minor) {
  const [haveMajor = 0, haveMinor = 0] = process.versions.node.split('.').map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  throw new Error(
    `Node ${process.versions.node} is too old: ${major}.${minor} or newer is needed (https://nodejs.org).`,
  );
}

async function installWhenNeeded() {
  const wanted = installKey();
  if (readText(stampFile) === wanted) return;
  if (!isInstalled()) await install();
  // The lock may have been rewritten by `npm install`, so the key is taken anew.
  writeFileSync(stampFile, installKey());
}

/** What an installation depends on: the two package files and the kind of machine. */
function installKey() {
  const hash = createHash('sha256').update(`${process.platform}-${process.arch}`);
  for (const name of ['package.json', 'package-lock.json']) hash.update(`\0${readText(join(root, name))}`);
  return hash.digest('hex');
}

/** True when npm's own record of node_modules has every package of the lock in its version (somebody ran npm by hand). */
function isInstalled() {
  const record = readText(join(root, 'node_modules/.package-lock.json'));
  const lock = readText(join(root, 'package-lock.json'));
  if (!record || !lock) return false;
  const have = JSON.parse(record).packages;
  return Object.entries(JSON.parse(lock).packages).every(
    ([path, entry]) =>
      path === '' ||
      entry.optional ||
      entry.extraneous ||
      entry.link ||
      !path.startsWith('node_modules/') ||
      have[path]?.version === entry.version,
  );
}

async function install() {
  mkdirSync(join(root, '.cache'), { recursive: true });
  rmSync(logFile, { force: true });
  const begun = performance.now();
  const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  process.stdout.write('  … packages (npm, a minute or two the first time)\n');
  let code = existsSync(join(root, 'package-lock.json')) ? await npm(['ci', ...flags]) : 1;
  // `npm ci` refuses a lock that lacks a package for this machine; `npm install` looks it up.
  if (code !== 0) code = await npm(['install', ...flags]);
  if (code !== 0) {
    throw new Error(
      `Installing the packages failed (npm exit ${code}). The end of ${logFile}:\n\n${readText(logFile).split('\n').slice(-25).join('\n')}\nIs the registry reachable? \`npm ping\` tells.`,
    );
  }
  console.log(`  ✓ packages ${((performance.now() - begun) / 1000).toFixed(1)} s`);
}

/** Runs npm with its output in the log. */
function npm(args, cwd = root) {
  const log = openSync(logFile, 'a');
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip', NODE_ENV: 'development' };
  // Started by `npm start`, npm tells where its own script is; then no shell is needed, on Windows neither.
  const own = process.env.npm_execpath;
  const direct = own && /npm-cli\.js$/.test(own);
  const child = direct
    ? spawn(process.execPath, [own, ...args], { cwd, env, stdio: ['ignore', log, log] })
    : spawn('npm', args, { cwd, env, stdio: ['ignore', log, log], shell: process.platform === 'win32' });
  return new Promise((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`npm cannot be started: ${error.message}`)));
    child.once('close', (code) => {
      closeSync(log);
      resolve(code ?? 1);
    });
  });
}

/** Path of the Node that package.json pins. npm 12 and --ignore-scripts leave out its install script; then it is fetched. */
async function pinnedNode() {
  const version = JSON.parse(readText(join(root, 'package.json'))).devDependencies.node;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${system}-${process.arch === 'ia32' ? 'x86' : process.arch}`;
  const file = process.platform === 'win32' ? 'node.exe' : 'node';
  const fallback = join(root, '.cache/node');
  const candidates = [
    join(root, 'node_modules/node/bin', file),
    join(root, 'node_modules/node/node_modules', name, 'bin', file),
    join(root, 'node_modules', name, 'bin', file),
    join(fallback, 'node_modules', name, 'bin', file),
  ];
  const find = () => candidates.find((path) => existsSync(path) && versionOf(path) === version);
  const found = find();
  if (found) return found;
  console.log(`  … Node ${version} (its install script did not run)`);
  mkdirSync(fallback, { recursive: true });
  const code = await npm(
    ['install', '--prefix', fallback, '--no-save', '--ignore-scripts', `${name}@${version}`],
    fallback,
  );
  const fetched = find();
  if (code === 0 && fetched) return fetched;
  if (process.versions.node === version) return process.execPath;
  throw new Error(
    `Node ${version} could not be fetched for ${process.platform}-${process.arch} (see ${logFile}). Install it from https://nodejs.org and run this again with it, or allow install scripts: npm rebuild node`,
  );
}

function versionOf(path) {
  try {
    return execFileSync(path, ['--version'], { encoding: 'utf8' }).trim().slice(1);
  } catch {
    return ''; // for another machine, or a placeholder
  }
}

function runUnder(node, entry, args) {
  // Over the channel the child notices our death, also by kill -9, and stops what it has started.
  const child = spawn(node, [...nodeFlags, '--disable-warning=ExperimentalWarning', join(root, entry), ...args], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.once('error', (error) => {
    console.error(error.message);
    process.exit(1);
  });
  child.once('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function readText(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
