import { gainOf, honestLossOf } from '#lib/attacks/rules.ts';
import type { AttackFigures, AttackResult } from '#lib/attacks/types.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import { median } from '../measure.ts';
import { againstHonestValue } from './honest-value.ts';

const resamples = 2000;

/** What an attack did in one world, in each of its draws, and what that world's controls say. */
export type AttackedInWorld = { results: readonly AttackResult[]; controls: readonly AttackResult[] };

/** Figures of one attack over its worlds, which are what the interval draws. */
export function summarise(worlds: readonly AttackedInWorld[]): AttackFigures {
  const held = worlds.map(({ results, controls }) => pooled(results.map((one) => againstHonestValue(one, controls))));
  const gains = held.map(gainOf);
  const random = createRandom('attack figures');
  const drawn = Array.from({ length: resamples }, () =>
    pooled(held.map(() => held[Math.floor(random() * held.length)]!)),
  );
  const quantile = (values: number[], at: number): number =>
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(at * values.length))]!;
  const whole = pooled(held);
  return {
    trials: worlds.length,
    medianGain: median(gains),
    worstGain: Math.max(...gains),
    gain: gainOf(whole),
    gainLow: quantile(drawn.map(gainOf), 0.025),
    gainHigh: quantile(drawn.map(gainOf), 0.975),
    gainOnRunBefore: gainOf(pooled(worlds.map(({ results }) => pooled(results)))),
    honestLoss: honestLossOf(whole),
    honestLossHigh: quantile(drawn.map(honestLossOf), 0.975),
  };
}

type Money = Pick<AttackResult, 'attackerBefore' | 'attackerAfter' | 'feesPaid' | 'honestBefore' | 'honestAfter'>;

/** Means, so that a world counts the same whatever its draws. */
function pooled(results: readonly AttackResult[]): AttackResult {
  const mean = (field: keyof Money): number =>
    results.reduce((total, result) => total + result[field], 0) / results.length;
  return {
    ...results[0]!,
    ...{ attackerBefore: mean('attackerBefore'), attackerAfter: mean('attackerAfter'), feesPaid: mean('feesPaid') },
    ...{ honestBefore: mean('honestBefore'), honestAfter: mean('honestAfter') },
  };
}
