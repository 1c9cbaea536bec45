/**
 * Compiles contracts/src and writes typed ABIs, bytecode and devnet addresses to contracts-abi/.
 *
 *   node scripts/contracts/build.ts           skips when neither sources nor outputs changed
 *   node scripts/contracts/build.ts --check   compiles and fails when a committed file differs (CI)
 *   node scripts/contracts/build.ts --force   compiles and writes in any case
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runForge } from './forge.ts';

const abiDir = join(root, 'contracts-abi');
const stampFile = join(abiDir, 'stamp.json');

/** `sources` names what was compiled, with which tools and for which configuration; `outputs` what was written. */
type Stamp = { sources: string; outputs: string };

export type BuildOutcome = 'unchanged' | 'built' | { drift: string[] };

/** Brings contracts-abi/ up to date, or with `check` says which files are not. Throws when the compiler fails. */
export async function buildContracts(options: { check?: boolean; force?: boolean } = {}): Promise<BuildOutcome> {
  const sources = hashFiles(sourceFiles(), toolVersions());
  if (!options.check && !options.force && isFresh(sources)) return 'unchanged';
  await compile();
  // Imported here because it pulls in viem, which the quick path does not need.
  const { generateAbi } = await import('./generate-abi.ts');
  const files = await generateAbi(join(root, 'contracts/out'));
  files.set('stamp.json', `${JSON.stringify({ sources, outputs: hashTexts(files) } satisfies Stamp)}\n`);
  const drift = differences(files);
  if (options.check) return drift.length === 0 ? 'unchanged' : { drift };
  for (const [name, text] of files) {
    mkdirSync(dirname(join(abiDir, name)), { recursive: true });
    writeFileSync(join(abiDir, name), text);
  }
  for (const name of outputFiles()) if (!files.has(name)) rmSync(join(abiDir, name));
  return 'built';
}

async function compile(): Promise<void> {
  const { status, stdout, stderr } = await runForge(['build', '--root', '.', '--skip', 'test', 'script']);
  if (status !== 0) throw new Error(`forge build failed:\n${stdout}${stderr}`);
}

function isFresh(sources: string): boolean {
  if (!existsSync(stampFile)) return false;
  const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Stamp;
  const names = outputFiles().filter((name) => name !== 'stamp.json');
  const texts = new Map(names.map((name) => [name, readFileSync(join(abiDir, name), 'utf8')]));
  return stamp.sources === sources && stamp.outputs === hashTexts(texts);
}

/** Files that are missing, differ, or should not be there. */
function differences(files: ReadonlyMap<string, string>): string[] {
  const names = new Set([...files.keys(), ...outputFiles()]);
  return [...names].sort().filter((name) => {
    const path = join(abiDir, name);
    return !existsSync(path) || readFileSync(path, 'utf8') !== files.get(name);
  });
}

/** The Solidity sources, the compiler's settings, and the scripts that shape the output. */
function sourceFiles(): string[] {
  const scripts = ['contract-names', 'devnet-config', 'generate-abi', 'plan-deployment'];
  return [
    ...listFiles(join(root, 'contracts/src')),
    ...listFiles(join(root, 'deployments')),
    join(root, 'contracts/foundry.toml'),
    ...scripts.map((name) => join(root, `scripts/contracts/${name}.ts`)),
  ].sort();
}

function outputFiles(): string[] {
  return listFiles(abiDir).map((path) => relative(abiDir, path));
}

function listFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function toolVersions(): string {
  return ['solc', '@openzeppelin/contracts', '@foundry-rs/forge']
    .map((name) => {
      const manifest = readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8');
      return `${name}@${(JSON.parse(manifest) as { version: string }).version}`;
    })
    .join(' ');
}

function hashFiles(paths: readonly string[], extra: string): string {
  return hashTexts(new Map([['', extra], ...paths.map((p) => [relative(root, p), readFileSync(p, 'utf8')] as const)]));
}

function hashTexts(texts: ReadonlyMap<string, string>): string {
  const hash = createHash('sha256');
  for (const [name, text] of [...texts].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`${name}\0${text.length}\0${text}`);
  }
  return hash.digest('hex');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const outcome = await buildContracts({
    check: process.argv.includes('--check'),
    force: process.argv.includes('--force'),
  });
  if (typeof outcome === 'object') {
    console.error(`contracts-abi/ is stale: ${outcome.drift.join(', ')}. Run: node scripts/contracts/build.ts`);
    process.exitCode = 1;
  } else {
    console.log(`contracts: ${outcome}`);
  }
}
