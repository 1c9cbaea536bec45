import { gradients } from '../example-passes.ts';
import type { Method } from './method.ts';
import { products } from './vectors.ts';

/**
 * TracInCP (Pruthi et al., NeurIPS 2020, arXiv 2002.08484, equation 3): the sum over checkpoints of the learning rate there times
 * the product of the gradients there. Checkpoints are spread evenly over the training.
 */
export const tracInCp: Method = {
  name: 'TracInCP',
  score: async ({ trainer, checkpoints, answers }) => {
    const scores = answers.map(() => new Float64Array(trainer.train.examples.length));
    for (const { theta, learningRate } of checkpoints) {
      const rows = await gradients(trainer, theta, trainer.train.examples);
      const queries = await gradients(
        trainer,
        theta,
        answers.map(({ example }) => example),
      );
      for (const [q, line] of products(queries, rows).entries()) {
        for (let k = 0; k < line.length; k++) scores[q]![k]! += learningRate * line[k]!;
      }
    }
    return scores;
  },
};
