export type ScheduleKind = 'cosine' | 'linear' | 'constant';

/**
 * The factor of the peak learning rate at `progress` in [0, 1] of the training: linear warm-up over the first
 * `warmupRatio`, then the chosen decay to `floor`.
 */
export function learningRateFactor(kind: ScheduleKind, progress: number, warmupRatio: number, floor = 0): number {
  if (warmupRatio > 0 && progress < warmupRatio) return progress / warmupRatio;
  const rest = Math.min(1, Math.max(0, (progress - warmupRatio) / Math.max(1e-9, 1 - warmupRatio)));
  if (kind === 'constant') return 1;
  if (kind === 'linear') return floor + (1 - floor) * (1 - rest);
  return floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * rest));
}
