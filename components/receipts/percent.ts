import { splitByLargestRemainder } from '#lib/kernel/money.ts';

/** Per cent of a share in ppm, two decimals, rounded down. */
export function percent(ppm: number): string {
  return bpsText(Math.floor(ppm / 100));
}

/** Per cent of parts of 1,000,000 ppm, two decimals each, that add to exactly 100.00. */
export function percentsOf(ppm: readonly number[]): string[] {
  const whole = ppm.reduce((sum, part) => sum + part, 0);
  if (whole === 0) return ppm.map(() => bpsText(0));
  return splitByLargestRemainder(BigInt(Math.round(whole / 100)), ppm.map(BigInt)).map((bps) => bpsText(Number(bps)));
}

function bpsText(bps: number): string {
  return `${Math.floor(bps / 100)}.${String(bps % 100).padStart(2, '0')} %`;
}
