import type { AbiParameter } from 'viem';
import { describe, expect, it } from 'vitest';
import { errorsAbi } from '#contracts-abi/errors.ts';
import { contractSentences } from './contract-sentences.ts';

const errors = new Map(errorsAbi.flatMap((item) => (item.type === 'error' ? [[item.name, item]] : [])));
const sample = ({ type }: AbiParameter) => (/^u?int/.test(type) ? 7n : type === 'bool' ? true : '0x00');

describe('contractSentences', () => {
  it('reads more than sixty custom errors from the ABIs, so that the checks below check something', () => {
    expect(errors.size).toBeGreaterThan(60);
  });
  it.each([...errors.values()])('has a sentence for $name', ({ name, inputs }) => {
    const sentence = contractSentences[name]?.(inputs.map(sample));
    expect(sentence).toMatch(/^[A-Z0-9].{20,}[.]$/);
    expect(sentence).not.toMatch(/undefined|NaN|\[object/);
  });
  it('has no sentence for an error that no contract raises', () => {
    expect(Object.keys(contractSentences).filter((name) => !errors.has(name))).toEqual([]);
  });
});
