import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { variables } from '../../lib/platform/env.ts';
import { listSourceFiles, root } from './list-source-files.ts';

/** Read by the framework itself, or fixed when it builds. */
const frameworkNames = new Set(['NODE_ENV', 'NEXT_RUNTIME', 'NEXT_PHASE']);

/**
 * Lines that say where `.env.example` and the schema of lib/platform/env.ts differ, and where the application reads a
 * variable past that schema, so that a bad value would not stop the start.
 */
export async function checkEnv(): Promise<string[]> {
  return [...compareExample(readFileSync(join(root, '.env.example'), 'utf8')), ...findStrayReads()];
}

function compareExample(example: string): string[] {
  const documented = new Set([...example.matchAll(/^# ?([A-Z0-9_]+)=/gm)].map((match) => match[1]!));
  const known = new Set(Object.keys(variables));
  return [
    ...[...known].filter((name) => !documented.has(name)).map((name) => `.env.example does not document ${name}`),
    ...[...documented]
      .filter((name) => !known.has(name))
      .map((name) => `.env.example documents ${name}, which lib/platform/env.ts lacks`),
  ];
}

function findStrayReads(): string[] {
  return listSourceFiles()
    .filter((path) => /^(app|components|lib|worker|db)\//.test(path) && !/[.]test[.]tsx?$/.test(path))
    .flatMap((path) => {
      const source = readFileSync(join(root, path), 'utf8');
      const names = [...source.matchAll(/process\.env\.(\w+)|process\.env\[['"](\w+)/g)].map(
        (match) => match[1] ?? match[2]!,
      );
      return names
        .filter((name) => !frameworkNames.has(name))
        .map((name) => `${path} reads process.env.${name}; read it through loadEnv`);
    });
}
