import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ModuleItem, parseSync } from '@swc/core';
import { listSourceFiles, root } from './list-source-files.ts';

/**
 * Lines that name exports of 'use server' files which are not made by `defineAction`. Every export of such a file is an
 * endpoint that anybody can call, so a helper exported there would skip session, origin check and rate limit.
 */
export async function checkActions(): Promise<string[]> {
  return listSourceFiles()
    .filter((path) => /^(app|components|lib|worker)\//.test(path))
    .flatMap((path) => findActionProblems(path, readFileSync(join(root, path), 'utf8')));
}

/** The same for one file. */
export function findActionProblems(path: string, source: string): string[] {
  if (!/['"]use server['"]/.test(source)) return [];
  const { body } = parseSync(source, { syntax: 'typescript', tsx: path.endsWith('.tsx'), target: 'es2022' });
  if (!body.some(isUseServer)) return [`${path}: 'use server' inside a function makes an endpoint out of sight`];
  return body.flatMap((item) => problemsOf(item).map((problem) => `${path}: ${problem}`));
}

function isUseServer(item: ModuleItem): boolean {
  return (
    item.type === 'ExpressionStatement' &&
    item.expression.type === 'StringLiteral' &&
    item.expression.value === 'use server'
  );
}

function problemsOf(item: ModuleItem): string[] {
  if (!item.type.startsWith('Export')) return [];
  if (item.type !== 'ExportDeclaration') return [`${item.type} is not the result of defineAction(...)`];
  const { declaration } = item;
  if (declaration.type === 'TsTypeAliasDeclaration' || declaration.type === 'TsInterfaceDeclaration') return [];
  if (declaration.type !== 'VariableDeclaration') return [`an exported ${declaration.type} is not allowed`];
  return declaration.declarations.flatMap(({ id, init }) => {
    const made = init?.type === 'CallExpression' && init.callee.type === 'Identifier' && init.callee.value;
    const name = id.type === 'Identifier' ? id.value : id.type;
    return made === 'defineAction' ? [] : [`${name} is not the result of defineAction(...)`];
  });
}
