import { keccak256 } from 'viem';
import { assembleKeccak } from './keccak-wasm.ts';

/** Hashes `input` (at most 135 bytes) and writes the 32 bytes of keccak256 to `target` from `offset` on. */
export type KeccakShort = (input: Uint8Array, target: Uint8Array, offset: number) => void;

const [blockAt, outAt, rateBytes] = [256, 512, 136] as const;

/**
 * keccak256 for Merkle trees, where millions of inputs of 32 and 64 bytes are hashed. Runs in WebAssembly; where a page's
 * policy forbids that (no 'wasm-unsafe-eval'), the portable hash takes its place and only speed is lost.
 */
export const keccakShort: KeccakShort =
  createWasm() ?? ((input, target, offset) => target.set(keccak256(input, 'bytes'), offset));

function createWasm(): KeccakShort | null {
  try {
    const instance = new WebAssembly.Instance(new WebAssembly.Module(assembleKeccak()));
    const { memory, keccak } = instance.exports as {
      memory: WebAssembly.Memory;
      keccak: (block: number, out: number) => void;
    };
    const bytes = new Uint8Array(memory.buffer);
    const block = bytes.subarray(blockAt, blockAt + rateBytes);
    const out = bytes.subarray(outAt, outAt + 32);
    return (input, target, offset) => {
      if (input.length >= rateBytes) throw new RangeError('keccakShort takes at most 135 bytes');
      block.fill(0, input.length);
      block.set(input);
      block[input.length] = 1;
      block[rateBytes - 1]! |= 0x80;
      keccak(blockAt, outAt);
      target.set(out, offset);
    };
  } catch {
    return null;
  }
}
