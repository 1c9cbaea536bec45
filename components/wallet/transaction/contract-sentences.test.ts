import type { Abi } from 'viem';
import { describe, expect, it } from 'vitest';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { faucetAbi } from '#contracts-abi/faucet.ts';
import { inferenceChannelsAbi } from '#contracts-abi/inference-channels.ts';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { revenueRouterAbi } from '#contracts-abi/revenue-router.ts';
import { contractSentences } from './contract-sentences.ts';

const abis: Abi[] = [
  attributionLedgerAbi,
  datanetRegistryAbi,
  faucetAbi,
  inferenceChannelsAbi,
  modelRegistryAbi,
  openTokenAbi,
  revenueRouterAbi,
];
const errors = new Map(abis.flat().flatMap((item) => (item.type === 'error' ? [[item.name, item]] : [])));
const sample = (type: string) => (type.startsWith('uint') ? 7n : type === 'bool' ? true : '0x00');

describe('contractSentences', () => {
  it('reads more than sixty custom errors from the ABIs, so that the checks below check something', () => {
    expect(errors.size).toBeGreaterThan(60);
  });
  it.each([...errors.values()])('has a sentence for $name', ({ name, inputs }) => {
    const sentence = contractSentences[name]?.(inputs.map((input) => sample(input.type)));
    expect(sentence).toMatch(/^[A-Z0-9].{20,}[.]$/);
    expect(sentence).not.toMatch(/undefined|NaN|\[object/);
  });
  it('has no sentence for an error that no contract raises', () => {
    expect(Object.keys(contractSentences).filter((name) => !errors.has(name))).toEqual([]);
  });
});
