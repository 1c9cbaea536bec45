import { bm25, bm25Top5 } from './methods/bm25.ts';
import { dataInf } from './methods/data-inf.ts';
import { exactInfluence } from './methods/exact-influence.ts';
import { gradientCosine, gradientDot } from './methods/gradient-similarity.ts';
import type { Method } from './methods/method.ts';
import { earlyInfluence, productInfluence } from './methods/product-influence.ts';
import { randomScores } from './methods/random-scores.ts';
import { embeddingCosine, repSim, repSimMean } from './methods/state-similarity.ts';
import { tracInCp } from './methods/trac-in.ts';

/** What the product does; an experiment with an earlier model; and the same with the rows' own gradients as all of the Fisher. */
export const ours = productInfluence;
export const ownVariants: readonly Method[] = [
  earlyInfluence,
  exactInfluence('ours by the empirical Fisher alone, nothing rounded or projected'),
];

export const baselines: readonly Method[] = [
  ...[dataInf, tracInCp, gradientDot, gradientCosine],
  ...[repSim, repSimMean, bm25, bm25Top5, embeddingCosine, randomScores],
];
