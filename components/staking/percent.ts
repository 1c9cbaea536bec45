/** Basis points as a percentage with up to two decimals: 1234 is "12.34 %". */
export function percent(bps: number): string {
  return `${(bps / 100).toLocaleString('en', { maximumFractionDigits: 2 })} %`;
}
