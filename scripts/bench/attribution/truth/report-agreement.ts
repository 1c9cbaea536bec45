import type { BenchContext } from '../../main.ts';
import { type Agreement, seedAgreement } from './agreement.ts';
import type { Truth } from './measure-truth.ts';
import { bootstrapMean, type Interval } from './metrics/bootstrap.ts';
import type { Scored } from './score-methods.ts';

type Measure = { key: keyof Agreement; name: string };

const correlations: readonly Measure[] = [
  { key: 'rowLds', name: 'LDS over rows' },
  { key: 'contributorLds', name: 'LDS over contributors' },
  { key: 'pearson', name: 'leave one contributor out, Pearson' },
  { key: 'isTopRight', name: 'top contributor right' },
];
const distance: Measure = { key: 'distance', name: 'paid from true shares, total variation' };

/** What each measure asks of the product, as a part of what another seed's retraining reaches. */
const partOfCeiling: Partial<Record<keyof Agreement, number>> = {
  rowLds: 0.85,
  contributorLds: 0.85,
  pearson: 0.85,
  isTopRight: 0.9,
};

/** Prints every measure of every method with its 95 % interval over seeds and answers, ours against ceiling and baselines. */
export function reportAgreement(
  context: BenchContext,
  prefix: string,
  truth: Truth,
  [ours, ...others]: Scored[],
): void {
  const ceilings = ceilingOf(truth);
  for (const { key, name } of [...correlations, distance]) {
    const ceiling = ceilings && bootstrapMean(pick(ceilings, key));
    if (ceiling) emit(context, `${prefix}${name}: retraining with another seed`, ceiling);
    for (const { method, agreements } of [ours!, ...others]) {
      const interval = bootstrapMean(pick(agreements, key));
      emit(context, `${prefix}${name}: ${method.name}`, interval, method === ours!.method ? absoluteTarget(key) : {});
    }
    const part = partOfCeiling[key];
    if (ceiling && part !== undefined) {
      const figure = { value: bootstrapMean(pick(ours!.agreements, key)).value, unit: '' };
      const peer = { name: 'retraining with another seed', value: ceiling.value };
      context.emit({ case: `${prefix}${name}: ours against the ceiling`, ...figure, peer, target: { atLeast: part } });
    }
    if (key === 'rowLds' || key === 'distance') reportLead(context, `${prefix}${name}`, key, ours!, others);
  }
}

/** Ours less each baseline, answer by answer: the end of the interval that speaks against us must still be a lead. */
function reportLead(context: BenchContext, name: string, key: keyof Agreement, ours: Scored, others: Scored[]): void {
  const sign = key === 'distance' ? -1 : 1;
  for (const { method, agreements } of others.filter(({ method }) => !method.name.startsWith('ours'))) {
    const leads = pick(ours.agreements, key).map((line, seed) =>
      line.map((value, i) => sign * (value - agreements[seed]![i]![key])),
    );
    const { value, low, high } = bootstrapMean(leads);
    const figure = { value: low, unit: '', interval: { low: value, high } };
    const words = key === 'distance' ? 'below' : 'above';
    context.emit({ case: `${name}: ours ${words} ${method.name}, low end`, ...figure, target: { atLeast: 1e-9 } });
  }
}

function absoluteTarget(key: keyof Agreement): { target?: { atLeast: number } | { atMost: number } } {
  if (key === 'isTopRight') return { target: { atLeast: 0.75 } };
  return key === 'distance' ? { target: { atMost: 0.3 } } : {};
}

function emit({ emit: print }: BenchContext, name: string, { value, low, high }: Interval, rest = {}): void {
  print({ case: name, value, unit: '', interval: { low, high }, ...rest });
}

/** Each answer of each seed under all other seeds; null for a single seed. */
function ceilingOf({ seeds }: Truth): Agreement[][] | null {
  if (seeds.length < 2) return null;
  return seeds.map(({ seed, answers, effects }) =>
    effects
      .filter((_, other) => other !== seed)
      .flatMap((other) => answers.map((_, answer) => seedAgreement(effects[seed]!, other, answer))),
  );
}

function pick(agreements: readonly Agreement[][], key: keyof Agreement): number[][] {
  return agreements.map((line) => line.map((agreement) => agreement[key]));
}
