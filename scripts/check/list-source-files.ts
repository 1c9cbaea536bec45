import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const folders = ['app', 'components', 'lib', 'db', 'worker', 'scripts', 'e2e'];
const generated = /^(db\/migrations|scripts\/stubs)\//;

/** Hand-written TypeScript and JavaScript, as paths from the root with `/`, sorted. */
export function listSourceFiles(): string[] {
  const nested = folders.flatMap((folder) => entriesOf(join(root, folder), true));
  return [...entriesOf(root, false), ...nested]
    .map((path) => relative(root, path).split(sep).join('/'))
    .filter((path) => /[.](ts|tsx|mjs|cjs)$/.test(path) && !path.endsWith('.d.ts') && !generated.test(path))
    .sort();
}

function entriesOf(folder: string, recursive: boolean): string[] {
  try {
    return readdirSync(folder, { recursive, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return []; // the folder is not there yet
  }
}
