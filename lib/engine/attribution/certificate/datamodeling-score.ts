import { createRandom } from '../../train/random.ts';
import { rankCorrelation } from './rank-correlation.ts';

/** Predicted and measured effect of one retraining on each answer; any unit, in the order of the answers. */
export type Retraining = { predicted: readonly number[]; measured: readonly number[] };

/** Mean over answers, and the bounds of its interval: 5 % of resamplings lie below the one, 5 % above the other. */
export type DatamodelingScore = { score: number; lower: number; upper: number; perAnswer: number[] };

const resamplings = 1000;

/**
 * Linear datamodeling score (Park et al. 2023, arXiv 2303.14186): by answer, the rank correlation over retrainings on random
 * subsets between what the scores of the rows in it say of the answer's log likelihood and what it became; the mean of those.
 *
 * The interval is a percentile bootstrap over both, answers and retrainings, because either could have been others; its lower
 * end is the one-sided 95 % bound.
 *
 * @param seed decides the resamplings: equal inputs give equal bounds
 */
export function datamodelingScore(retrainings: readonly Retraining[], seed: string): DatamodelingScore {
  const answers = retrainings[0]?.measured.length ?? 0;
  if (answers === 0 || retrainings.length < 3) return { score: 0, lower: -1, upper: 1, perAnswer: [] };
  const columns = Array.from({ length: answers }, (_, answer) => ({
    predicted: retrainings.map(({ predicted }) => predicted[answer]!),
    measured: retrainings.map(({ measured }) => measured[answer]!),
  }));
  const perAnswer = columns.map(({ predicted, measured }) => rankCorrelation(predicted, measured));
  const random = createRandom(`${seed}|bootstrap`);
  const draw = (length: number): number[] => Array.from({ length }, () => Math.floor(random() * length));
  const means: number[] = [];
  for (let i = 0; i < resamplings; i++) {
    const chosen = draw(retrainings.length);
    const resampled = columns.map((column) =>
      rankCorrelation(
        chosen.map((at) => column.predicted[at]!),
        chosen.map((at) => column.measured[at]!),
      ),
    );
    means.push(mean(draw(answers).map((at) => resampled[at]!)));
  }
  means.sort((a, b) => a - b);
  return {
    score: mean(perAnswer),
    lower: means[Math.floor(0.05 * resamplings)]!,
    upper: means[Math.ceil(0.95 * resamplings) - 1]!,
    perAnswer,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
