/** What rows of each source did to the gradient, measured before one step. */
export type GradientPulls = { step: number; parts: readonly { part: string; rows: number; norm: number }[] };

/** Each part's share of all that was measured so far, in whole percent that add up to 100; null before the first measurement. */
export function shareOfPulls(
  pulls: readonly GradientPulls[],
  parts: readonly string[],
): { percents: number[]; rows: number } | null {
  const all = pulls.flatMap((one) => one.parts);
  const norms = parts.map((part) => all.reduce((sum, one) => sum + (one.part === part ? one.norm : 0), 0));
  const total = norms.reduce((sum, norm) => sum + norm, 0);
  if (!(total > 0)) return null;
  const exact = norms.map((norm) => (100 * norm) / total);
  const percents = exact.map(Math.floor);
  const byRest = exact.map((value, i) => ({ i, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest);
  const left = 100 - percents.reduce((sum, percent) => sum + percent, 0);
  for (const { i } of byRest.slice(0, left)) percents[i]! += 1;
  return { percents, rows: all.reduce((sum, { rows }) => sum + rows, 0) };
}

/** Reads what a run's event says; null for anything else. */
export function readPulls(step: number, value: unknown): GradientPulls | null {
  if (!Array.isArray(value)) return null;
  const parts = value.filter(
    (one): one is GradientPulls['parts'][number] =>
      typeof one?.part === 'string' && Number.isFinite(one?.rows) && Number.isFinite(one?.norm),
  );
  return { step, parts };
}
