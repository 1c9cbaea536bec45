import { runForge } from '../../contracts/forge.ts';
import type { MeasuredGas } from './gas-per-inference.ts';

/** Names of the rows in the contracts' gas tests (contracts/test/Gas*.t.sol). */
const rows: Record<keyof MeasuredGas, string> = {
  claimRow: 'channel claim, each further row',
  settle: 'channel settle',
  submit: 'submit epoch',
  earnerClaim: 'claim depth 20, repeat',
};

/** Runs the gas tests and reads what they measured: whole transactions, calldata included. Throws if a row is missing. */
export async function readMeasuredGas(): Promise<MeasuredGas> {
  const { stdout, stderr } = await runForge(['test', '--root', '.', '--match-contract', 'Gas(Channels|Ledger)', '-vv']);
  const found = new Map<string, number>();
  for (const [, name, used] of stdout.matchAll(/^\s*([^|\n]+?)(?:\|\d+)?: (\d+)(?: \[.*\])?$/gm))
    found.set(name!, Number(used));
  const gas = Object.entries(rows).map(([key, name]) => {
    const used = found.get(name);
    if (used === undefined) throw new Error(`the gas tests measured no "${name}":\n${stdout.slice(-2_000)}${stderr}`);
    return [key, used] as const;
  });
  return Object.fromEntries(gas) as MeasuredGas;
}
