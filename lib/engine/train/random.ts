import { createHash } from 'node:crypto';

/** Uniform numbers in [0, 1), a pure function of the seed text: SHA-256 in counter mode, 32 bits a number. */
export function createRandom(seed: string): () => number {
  const next = createRandomUint32(seed);
  return () => next() / 2 ** 32;
}

/** Standard normal numbers by Box and Muller's transform of `createRandom`. */
export function createNormal(seed: string): () => number {
  const random = createRandom(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** A permutation of 0..length-1 by Fisher and Yates, a pure function of the seed text; anyone can recompute it. */
export function createPermutation(length: number, seed: string): Int32Array {
  const next = createRandomUint32(seed);
  const order = Int32Array.from({ length }, (_, i) => i);
  for (let i = length - 1; i > 0; i--) {
    const j = next() % (i + 1);
    const swapped = order[i]!;
    order[i] = order[j]!;
    order[j] = swapped;
  }
  return order;
}

function createRandomUint32(seed: string): () => number {
  const key = createHash('sha256').update(seed).digest();
  let block: Buffer = Buffer.alloc(0);
  let at = 0;
  let counter = 0;
  return () => {
    if (at === block.length) {
      block = createHash('sha256').update(key).update(String(counter++)).digest();
      at = 0;
    }
    at += 4;
    return block.readUInt32LE(at - 4);
  };
}
