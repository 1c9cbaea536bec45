import { createHash } from 'node:crypto';

/** Repeatable choices for attacks: SHA-256 in counter mode, a pure function of the seed. */
export class SeededRandom {
  private readonly seed: string;
  private counter = 0;

  constructor(seed: string) {
    this.seed = seed;
  }

  /** An integer from 0 to below `bound`; the bias of the modulus is under 2^-16 for bounds below 2^32. */
  below(bound: number): number {
    const block = createHash('sha256')
      .update(`${this.seed}|${this.counter++}`)
      .digest();
    return block.readUIntBE(0, 6) % bound;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  /** `count` different elements, or all, in drawn order (Fisher and Yates). */
  sample<T>(list: readonly T[], count: number): T[] {
    const left = [...list];
    return Array.from({ length: Math.min(count, left.length) }, () => left.splice(this.below(left.length), 1)[0]!);
  }
}
