import type { Histogram } from './types.ts';

/** Bounds in ms from one decoding step of a small model to a cold adapter behind a queue. */
export const latencyBoundsMs = [1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000];

/** Counts values into cumulative buckets, as a Prometheus page wants them. */
export class HistogramCounter {
  private readonly bounds: readonly number[];
  private readonly counts: number[];
  private sum = 0;
  private count = 0;

  constructor(bounds: readonly number[] = latencyBoundsMs) {
    this.bounds = bounds;
    this.counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.sum += value;
    this.count++;
    for (const [i, bound] of this.bounds.entries()) if (value <= bound) this.counts[i]!++;
  }

  snapshot(): Histogram {
    return { bounds: this.bounds, counts: [...this.counts], sum: this.sum, count: this.count };
  }
}
