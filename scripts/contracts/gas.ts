/**
 * The gas table of the protocol: `node scripts/contracts/gas.ts [--write]`. Runs the Gas tests, prints each operation with its
 * target and the best comparable figure of others, and exits 1 when a row is over its target or none was measured.
 * `--write` keeps the figures in contracts/snapshots/gas.json, for whoever computes with them.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, runForge } from './forge.ts';
import { gasAnchors } from './gas-anchors.ts';

/** One operation, in gas of a whole transaction. `target` is absent where the protocol sets none. */
export type GasRow = { name: string; gas: number; target?: number };

/** Reads what contracts/test/support/GasTable.sol logs: "name|target: gas" or "name: gas". */
export function parseGasRows(output: string): GasRow[] {
  const rows = new Map<string, GasRow>();
  for (const [, name, target, gas] of output.matchAll(/^ {2}([^|:\n]+?)(?:\|(\d+))?: (\d+)$/gm)) {
    rows.set(name!, { name: name!, gas: Number(gas), ...(target && { target: Number(target) }) });
  }
  return [...rows.values()];
}

/** The rows as a Markdown table. */
export function formatGasTable(rows: readonly GasRow[]): string {
  const lines = rows.map(({ name, gas, target }) => {
    const verdict = target === undefined ? 'none' : `${target.toLocaleString('en')}${gas > target ? ' EXCEEDED' : ''}`;
    return `| ${name} | ${gas.toLocaleString('en')} | ${verdict} | ${gasAnchors[name] ?? 'none'} |`;
  });
  return ['| operation | gas | target | others |', '|---|---|---|---|', ...lines].join('\n');
}

async function main(): Promise<void> {
  const { stdout, stderr } = await runForge(['test', '--root', '.', '--match-contract', '^Gas', '-vv']);
  const rows = parseGasRows(stdout);
  if (rows.length === 0) throw new Error(`no gas was measured:\n${stdout}${stderr}`);
  console.log(formatGasTable(rows));
  const over = rows.filter(({ gas, target }) => target !== undefined && gas > target);
  if (over.length > 0 || /\d+ tests? failed|FAIL/.test(stdout)) {
    console.error(`over target: ${over.map(({ name }) => name).join(', ') || 'a gas test failed'}`);
    process.exitCode = 1;
    return;
  }
  if (!process.argv.includes('--write')) return;
  mkdirSync(join(root, 'contracts/snapshots'), { recursive: true });
  const figures = Object.fromEntries(rows.map(({ name, gas }) => [name, gas]));
  writeFileSync(join(root, 'contracts/snapshots/gas.json'), `${JSON.stringify(figures, null, 2)}\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) await main();
