/**
 * Proves the models in contracts/prove with solc's own checker (z3 inside its WebAssembly):
 *
 *   node scripts/contracts/prove.ts [model ...]
 *
 * Every assertion must be proven, and every planted fault refuted. The models are steps of an induction: pure functions without
 * loops that take any state in which the invariant holds. For those the bounded engine is complete, and far faster than Horn
 * clauses. Exits 1 otherwise.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './forge.ts';
import { type ProofModel, proofModels } from './proof-models.ts';

type Solc = { compile(input: string): string };
type Message = { errorCode: string; severity: string; formattedMessage: string };

/** solc's codes: a proven and a refuted assertion of the bounded engine, and the notice that it will go one day. */
const codes = { proven: '2961', refuted: '4661', deprecated: '3993' } as const;

const solc = createRequire(import.meta.url)('solc') as Solc;

/** How many assertions were proven and refuted; `other` is what the checker could not decide or did not understand. */
function check(source: string): { proven: number; refuted: number; other: string[] } {
  const contracts = [...source.matchAll(/^contract (\w+)/gm)].map(([, name]) => name!);
  const modelChecker = { engine: 'bmc', targets: ['assert'], showProvedSafe: true, contracts: { model: contracts } };
  const input = { language: 'Solidity', sources: { model: { content: source } }, settings: { modelChecker } };
  const { errors = [] } = JSON.parse(solc.compile(JSON.stringify(input))) as { errors?: Message[] };
  const known: readonly string[] = Object.values(codes);
  return {
    proven: errors.filter(({ errorCode }) => errorCode === codes.proven).length,
    refuted: errors.filter(({ errorCode }) => errorCode === codes.refuted).length,
    other: errors.filter(({ errorCode }) => !known.includes(errorCode)).map(({ formattedMessage }) => formattedMessage),
  };
}

/** Prints what became of a model and its faults; false when anything was not as it must be. */
function prove({ file, invariants, faults }: ProofModel): boolean {
  const source = readFileSync(join(root, 'contracts/prove', `${file}.sol`), 'utf8');
  const expected = source.match(/\bassert\(/g)?.length ?? 0;
  const { proven, refuted, other } = check(source);
  const ok = proven === expected && expected > 0 && refuted === 0 && other.length === 0;
  console.log(`${ok ? 'proven ' : 'FAILED '} ${file}: invariants ${invariants}, ${proven} of ${expected} assertions`);
  for (const message of other) console.log(message);
  const results = faults.map(({ name, search, replace }) => {
    const parts = source.split(search);
    if (parts.length !== 2) throw new Error(`${file}, ${name}: found ${parts.length - 1} times`);
    const isRefuted = check(parts.join(replace)).refuted > 0;
    console.log(`${isRefuted ? 'refuted' : 'MISSED '} ${file}: ${name}`);
    return isRefuted;
  });
  return ok && results.every(Boolean);
}

const names = process.argv.slice(2);
const chosen = proofModels.filter(({ file }) => names.length === 0 || names.includes(file));
if (chosen.length === 0) throw new Error(`no model: name some of ${proofModels.map(({ file }) => file).join(', ')}`);
process.exitCode = chosen.map(prove).every(Boolean) ? 0 : 1;
