import { gainOf, honestLossOf } from '#lib/attacks/rules.ts';
import type { AttackFigures, AttackResult } from '#lib/attacks/types.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import { median } from '../measure.ts';

const resamples = 2000;

/** Figures of one attack over its trials. */
export function summarise(results: readonly AttackResult[]): AttackFigures {
  const gains = results.map(gainOf);
  const random = createRandom('attack figures');
  const drawn = Array.from({ length: resamples }, () =>
    pooled(results.map(() => results[Math.floor(random() * results.length)]!)),
  );
  const quantile = (values: number[], at: number): number =>
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(at * values.length))]!;
  const whole = pooled(results);
  return {
    trials: results.length,
    medianGain: median(gains),
    worstGain: Math.max(...gains),
    gain: gainOf(whole),
    gainLow: quantile(drawn.map(gainOf), 0.025),
    gainHigh: quantile(drawn.map(gainOf), 0.975),
    honestLoss: honestLossOf(whole),
    honestLossHigh: quantile(drawn.map(honestLossOf), 0.975),
  };
}

type Money = Pick<AttackResult, 'attackerBefore' | 'attackerAfter' | 'feesPaid' | 'honestBefore' | 'honestAfter'>;

function pooled(results: readonly AttackResult[]): AttackResult {
  const sum = (field: keyof Money): number => results.reduce((total, result) => total + result[field], 0);
  return {
    ...results[0]!,
    ...{ attackerBefore: sum('attackerBefore'), attackerAfter: sum('attackerAfter'), feesPaid: sum('feesPaid') },
    ...{ honestBefore: sum('honestBefore'), honestAfter: sum('honestAfter') },
  };
}
