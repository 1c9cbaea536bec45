import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../forge.ts';
import { allMutants } from './all-mutants.ts';
import { plant } from './mutant.ts';
import { suitesReaching } from './test-reach.ts';

const mutants = Object.values(allMutants).flat();
const contracts = (path: string) => join(root, 'contracts', path);

describe('the list of mutants', () => {
  it.each(mutants)('fits the contracts: $name', (mutant) => {
    const text = readFileSync(contracts(`src/${mutant.file}`), 'utf8');
    expect(plant(mutant, text)).not.toBe(text);
    for (const suite of mutant.suites) expect(existsSync(contracts(`test/${suite}.sol`)), suite).toBe(true);
  });

  it('has at least forty, each under its own name', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(40);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });
});

describe('the suites that reach a file', () => {
  it('are found through what they import', () => {
    const suites = suitesReaching('lib/EpochWord.sol');
    expect(suites).toEqual(expect.arrayContaining(['AttributionLedger.t', 'DisputeCourtLedger.t']));
    expect(suites).not.toContain('Directory.t');
    expect(suites).not.toContain('GasLedger.t');
  });
});
