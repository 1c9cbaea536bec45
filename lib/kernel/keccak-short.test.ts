import fc from 'fast-check';
import { bytesToHex, keccak256 } from 'viem';
import { describe, expect, it } from 'vitest';
import { keccakShort } from './keccak-short.ts';
import { assembleKeccak } from './keccak-wasm.ts';

const hash = (input: Uint8Array) => {
  const target = new Uint8Array(40);
  keccakShort(input, target, 8);
  return bytesToHex(target.subarray(8));
};

describe('keccakShort', () => {
  it('assembles a module that the engine accepts, so that the fast path is the one under test', () => {
    expect(WebAssembly.validate(assembleKeccak())).toBe(true);
  });

  it('gives the published hash of the empty input', () => {
    expect(hash(new Uint8Array())).toBe('0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470');
  });

  it('agrees with the portable hash at every length, also after longer inputs', () => {
    for (let length = 135; length >= 0; length--) {
      const input = Uint8Array.from({ length }, (_, at) => (at * 7 + length) & 255);
      expect(hash(input)).toBe(keccak256(input));
    }
  });

  it('agrees with the portable hash on random input', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 135 }), (input) => {
      expect(hash(input)).toBe(keccak256(input));
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('refuses what does not fit one block', () => {
    expect(() => hash(new Uint8Array(136))).toThrow(RangeError);
  });
});
