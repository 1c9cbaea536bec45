import { eq } from 'drizzle-orm';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { retrainLimit } from '#lib/counterfactuals/rules.ts';
import { runCounterfactual } from '#lib/counterfactuals/run-counterfactual.ts';
import type { LeftOut, WithoutEngine } from '#lib/counterfactuals/types.ts';
import { answerWithoutInThread } from '#lib/engine/attribution/counterfactual/answer-in-thread.ts';
import type { Retraining, WithoutInput } from '#lib/engine/attribution/counterfactual/answer-without.ts';
import { isAttributable } from '#lib/engine/train/recipe.ts';
import { type AdapterRows, findTrainingSet } from '#lib/model-factory/find-training-set.ts';
import { listMergeParents } from '#lib/model-factory/list-merge-parents.ts';
import { recipeSchema } from '#lib/model-factory/schema.ts';
import type { Jobs } from '#lib/platform/queue/job-queue.ts';
import type { WorkerDeps } from '../deps.ts';
import { AdapterNotFoundError } from '../find-adapter.ts';
import { withAdapter } from './with-adapter.ts';

/** Answers one question again without some of its sources, in a thread that answers and receipts go before. */
export async function answerWithoutJob(
  deps: WorkerDeps,
  { id }: Jobs['answer-without'],
  signal: AbortSignal,
): Promise<void> {
  await runCounterfactual(deps, withoutEngine(deps), { id, signal });
}

/** The engine with the adapter's rows as they were trained on. */
function withoutEngine(deps: WorkerDeps): WithoutEngine {
  return {
    async plan(adapterId, leftOut) {
      const { run, set } = await findRun(deps, adapterId);
      const seconds = run.startedAt && run.endedAt ? (run.endedAt.getTime() - run.startedAt.getTime()) / 1000 : 0;
      const facts = {
        isFork: run.forkedFromKey !== null,
        isMerge: (await listMergeParents(deps.db, run.id)).length > 0,
        isAttributable: isAttributable(recipeSchema.parse(run.recipe)),
      };
      return { trained: trainedOf(set, leftOut), limit: retrainLimit({ ...facts, seconds }) };
    },
    async answer({ adapterId, weights, signal, ...words }) {
      const retraining = typeof weights === 'object' ? await retrainingOf(deps, adapterId, weights.leftOut) : null;
      return withAdapter(deps, adapterId, async ({ modelDir, dir }) => {
        const input: WithoutInput = {
          ...{ modelDir, adapterDir: dir, ...words },
          weights: retraining ? { retrain: retraining } : (weights as 'adapter' | 'base'),
        };
        for await (const event of answerWithoutInThread({ ...input, signal })) {
          if (event.type !== 'answered') continue;
          const { type: _, ...answer } = event;
          return answer;
        }
        throw new Error('the engine gave no answer');
      });
    },
  };
}

function trainedOf({ train, contributors }: AdapterRows, { rows, contributors: gone }: LeftOut): string[] {
  const named = new Set(rows);
  const authors = new Set(gone);
  return train.flatMap(({ id }) => (named.has(id) || authors.has(contributors.get(id) ?? '') ? [id] : []));
}

async function retrainingOf(deps: WorkerDeps, adapterId: string, leftOut: string[]): Promise<Retraining> {
  const { run, set } = await findRun(deps, adapterId);
  return {
    ...{ train: set.train, heldOut: set.heldOut, datasetRoot: set.root, leftOut },
    recipe: recipeSchema.parse(run.recipe),
  };
}

async function findRun(deps: WorkerDeps, adapterId: string) {
  const [found] = await deps.db
    .select({ run: trainingRuns })
    .from(adapters)
    .innerJoin(trainingRuns, eq(trainingRuns.id, adapters.runId))
    .where(eq(adapters.id, adapterId));
  const set = await findTrainingSet(deps, adapterId);
  if (!found || !set) throw new AdapterNotFoundError(adapterId);
  return { run: found.run, set };
}
