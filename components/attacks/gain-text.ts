/** A gain as a factor: exactly 1 says so, a loss of money more than was earned is below zero. */
export function gainText(gain: number): string {
  if (gain === 1) return '1 exactly';
  return `${gain < 0 ? '−' : ''}${Math.abs(gain).toFixed(2)} ×`;
}

/** What others lose as a percentage; nothing and gains in words. */
export function lossText(loss: number): string {
  if (loss === 0) return 'nothing';
  if (loss < 0) return `gain ${(-100 * loss).toFixed(1)} %`;
  return `${(100 * loss).toFixed(1)} %`;
}
