import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../forge.ts';
import { channelMutants } from './channel-mutants.ts';
import { ledgerMutants } from './ledger-mutants.ts';
import { registryMutants } from './registry-mutants.ts';
import { stakingMutants } from './staking-mutants.ts';

const mutants = [...ledgerMutants, ...channelMutants, ...stakingMutants, ...registryMutants];
const contracts = (path: string) => join(root, 'contracts', path);

describe('the list of mutants', () => {
  it('fits the contracts: each fault changes exactly one place, and its suites exist', () => {
    const wrong = mutants.filter(({ file, search, replace, suites }) => {
      const places = readFileSync(contracts(`src/${file}`), 'utf8').split(search).length - 1;
      return places !== 1 || search === replace || !suites.every((suite) => existsSync(contracts(`test/${suite}.sol`)));
    });
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  it('has at least forty, each under its own name', () => {
    expect(mutants.length).toBeGreaterThanOrEqual(40);
    expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  });
});
