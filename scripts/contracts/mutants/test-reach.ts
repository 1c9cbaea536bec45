import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { root } from '../forge.ts';

/** The file and all of ours that it imports, below `contracts` (ours, or a copy's), sorted. */
export function reachOf(path: string, contracts = join(root, 'contracts')): string[] {
  const found = new Set<string>();
  const visit = (at: string): void => {
    if (found.has(at)) return;
    found.add(at);
    const text = readFileSync(join(contracts, at), 'utf8');
    for (const [, to] of text.matchAll(/from "(\.[^"]+)"/g)) visit(normalize(join(dirname(at), to!)));
  };
  visit(path);
  return [...found].sort();
}

/** All suites (contracts/test/<suite>.sol) that reach `file` below contracts/src; those that only measure gas are none. */
export function suitesReaching(file: string): string[] {
  const suites = readdirSync(join(root, 'contracts/test'))
    .filter((name) => name.endsWith('.t.sol') && !name.startsWith('Gas'))
    .map((name) => name.slice(0, -'.sol'.length));
  return suites.filter((suite) => reachOf(`test/${suite}.sol`).includes(`src/${file}`)).sort();
}
