import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { root } from '../forge.ts';

/**
 * Copies to `target` what forge needs to compile and run these suites, and no more: the suites, all that they import, the
 * settings and the compiler. Returns the copied paths below contracts/.
 */
export function copyProject(target: string, suites: readonly string[]): string[] {
  const found = new Set<string>();
  const visit = (path: string): void => {
    if (found.has(path)) return;
    found.add(path);
    const text = readFileSync(join(root, 'contracts', path), 'utf8');
    for (const [, to] of text.matchAll(/from "(\.[^"]+)"/g)) visit(normalize(join(dirname(path), to!)));
  };
  for (const suite of suites) visit(`test/${suite}.sol`);
  for (const path of found) {
    const to = join(target, 'contracts', path);
    mkdirSync(dirname(to), { recursive: true });
    copyFileSync(join(root, 'contracts', path), to);
  }
  copyFileSync(join(root, 'contracts/foundry.toml'), join(target, 'contracts/foundry.toml'));
  cpSync(join(root, 'scripts/contracts/solc.cjs'), join(target, 'scripts/contracts/solc.cjs'), { recursive: true });
  symlinkSync(relative(target, join(root, 'node_modules')), join(target, 'node_modules'));
  return [...found];
}
