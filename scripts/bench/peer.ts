import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/**
 * Installs npm packages into a temporary folder, without their install scripts, and imports the first one from there.
 * The folder is kept for the next run of the benchmark; the project itself never depends on its peers.
 *
 * @param packages name@version, the peer first, then what it needs of its optional dependencies
 * @throws Error with npm's own message if the registry has no such version
 */
export async function importPeer<M>(packages: readonly [string, ...string[]]): Promise<M> {
  const folder = join(tmpdir(), 'openledger-bench-peers', packages[0].replaceAll(/[^\w.-]+/g, '_'));
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}');
  const flags = ['--ignore-scripts', '--omit=optional', '--no-audit', '--no-fund', '--loglevel=error'];
  await promisify(execFile)('npm', ['install', ...flags, ...packages], { cwd: folder, maxBuffer: 1 << 26 });
  const name = packages[0].replace(/(?<=.)@[^@/]*$/, '');
  const entry = createRequire(join(folder, 'package.json')).resolve(name);
  return (await import(pathToFileURL(entry).href)) as M;
}
