import { readdirSync, readFileSync } from 'node:fs';
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
    // Also those of contracts whose ABI is not generated, e.g. of a library that only others' code is made of.
    const sources = readdirSync('contracts/src', { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.sol'),
    );
    const declared = sources.flatMap((name) =>
      [...readFileSync(`contracts/src/${name}`, 'utf8').matchAll(/^\s*error (\w+)\(/gm)].map((match) => match[1]!),
    );
    const raised = new Set([...errors.keys(), ...declared]);
    expect(Object.keys(contractSentences).filter((name) => !raised.has(name))).toEqual([]);
  });
});
