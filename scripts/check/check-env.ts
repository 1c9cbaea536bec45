import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseSync } from '@swc/core';
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
  return (
    listSourceFiles()
      .filter((path) => /^(app|components|lib|worker|db)\//.test(path) && !/[.]test[.]tsx?$/.test(path))
      // The client runs on other people's machines, where our settings mean nothing.
      .filter((path) => !path.startsWith('lib/client/'))
      .flatMap((path) =>
        findEnvReads(path, readFileSync(join(root, path), 'utf8'))
          .filter((name) => !frameworkNames.has(name))
          .map((name) => `${path} reads process.env.${name}; read it through loadEnv`),
      )
  );
}

/** Names read as `process.env.NAME` or `process.env['NAME']`; text in strings (examples for users) is no read. */
export function findEnvReads(path: string, source: string): string[] {
  if (!source.includes('process.env')) return [];
  const names: string[] = [];
  walk(parseSync(source, { syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2022' }), (node) => {
    if (node.type === 'MemberExpression' && isProcessEnv(node.object)) names.push(propertyName(node.property));
  });
  return names;
}

type Node = { type?: string; value?: unknown; object?: Node; property?: Node; expression?: Node };

function walk(node: unknown, visit: (node: Node) => void): void {
  if (node === null || typeof node !== 'object') return;
  visit(node as Node);
  for (const child of Object.values(node)) walk(child, visit);
}

function isProcessEnv(node: Node | undefined): boolean {
  const isMember = node?.type === 'MemberExpression' && node.object?.value === 'process';
  return isMember && node.property?.value === 'env';
}

function propertyName(node: Node | undefined): string {
  return String((node?.type === 'Computed' ? node.expression : node)?.value);
}
