import { costOf, median } from '../measure.ts';

/** Tokens per CPU second of each case, medians over interleaved rounds; the first round warms up. */
export async function interleaveRates<N extends string>(
  cases: Readonly<Record<N, () => Promise<number>>>,
  rounds: number,
): Promise<Record<N, number>> {
  const names = Object.keys(cases) as N[];
  const rates = new Map<N, number[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      let tokens = 0;
      const { cpu } = await costOf(async () => {
        tokens = await cases[name]();
      });
      if (round > 0) rates.get(name)!.push(tokens / cpu);
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(rates.get(name)!)])) as Record<N, number>;
}
