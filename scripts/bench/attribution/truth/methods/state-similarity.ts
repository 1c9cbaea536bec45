import { type HiddenStates, hiddenStates } from './hidden-states.ts';
import type { Method, MethodInput } from './method.ts';
import { cosines } from './vectors.ts';

/**
 * RepSim: cosine of the tuned model's states of question and answer, as in "Do influence functions work on large language
 * models?" (Li et al. 2024, arXiv 2409.19998): the last layer's state of the last token.
 */
export const repSim: Method = similarity('RepSim, last token', 'last', true);

/** As RepSim with the mean over the answer's tokens. */
export const repSimMean: Method = similarity('RepSim, mean of the answer', 'ofAnswer', true);

/** The base as an embedding model: mean of its last states, before anything was learnt from the rows. */
export const embeddingCosine: Method = similarity('embedding cosine', 'mean', false);

function similarity(name: string, which: keyof HiddenStates, isTuned: boolean): Method {
  return {
    name,
    score: async ({ trainer, theta, answers }: MethodInput) => {
      const adapter = isTuned ? theta : null;
      const rows = await hiddenStates(trainer, adapter, trainer.train.examples);
      const queries = await hiddenStates(
        trainer,
        adapter,
        answers.map(({ example }) => example),
      );
      return cosines(
        queries.map((states) => states[which]),
        rows.map((states) => states[which]),
      );
    },
  };
}
