import { createCipheriv, createHash } from 'node:crypto';

const chunkWords = 1 << 14;

/**
 * Uniform 32-bit numbers that nobody without the secret can foresee: the key stream of AES-256 in counter mode under
 * SHA-256(secret || purpose). A pure function of both texts, so that a resumed run draws what the whole one would have.
 */
export function createSecretUint32(secret: string, purpose: string): () => number {
  const key = createHash('sha256').update(`${secret.length}|${secret}|${purpose}`).digest();
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16));
  const zeros = Buffer.alloc(4 * chunkWords);
  let block = cipher.update(zeros);
  let at = 0;
  return () => {
    if (at === block.length) {
      block = cipher.update(zeros);
      at = 0;
    }
    at += 4;
    return block.readUInt32LE(at - 4);
  };
}

/**
 * Adds N(0, deviation^2) to each element, by Box and Muller's transform of 53-bit uniforms.
 *
 * The sum is rounded to float32. Mironov 2012 ("On significance of the least significant bits") shows that floating-point
 * Gaussians leak a little more than the ideal ones that accountants assume; that gap is not accounted for.
 */
export function addGaussianNoise(values: Float32Array, deviation: number, next: () => number): void {
  const uniform = (): number => ((next() >>> 5) * 2 ** 26 + (next() >>> 6) + 0.5) / 2 ** 53;
  for (let i = 0; i < values.length; i += 2) {
    const radius = deviation * Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    values[i]! += radius * Math.cos(angle);
    if (i + 1 < values.length) values[i + 1]! += radius * Math.sin(angle);
  }
}

/** Positions 0..length-1 that take part in a step: each one alone with probability `rate` (Poisson sampling). */
export function poissonSample(length: number, rate: number, next: () => number): number[] {
  const limit = rate * 2 ** 32;
  const chosen: number[] = [];
  for (let i = 0; i < length; i++) if (next() < limit) chosen.push(i);
  return chosen;
}
