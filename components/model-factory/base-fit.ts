/** Node, the runtime and compiled graphs, before anything that depends on the base (lib/engine/train/estimate-memory.ts). */
const fixedBytes = 165e6;
const gigabytes = (bytes: number) => `${(bytes / 1e9).toFixed(1)} GB`;

export type BaseFit = { fits: boolean; sentence: string };

/**
 * Whether a base can be trained in the memory that is free, before any row is read: its weights as 32-bit numbers, and what every
 * run needs. Rows and recipe need more; the last screen counts that.
 */
export function baseFit(parameters: number, freeBytes: number): BaseFit {
  const least = fixedBytes + 4 * parameters;
  return least > freeBytes
    ? {
        fits: false,
        sentence: `Will not fit: needs at least ${gigabytes(least)} of memory, ${gigabytes(freeBytes)} is free.`,
      }
    : {
        fits: true,
        sentence: `Fits: needs ${gigabytes(least)} of memory and some for the rows, ${gigabytes(freeBytes)} is free.`,
      };
}
