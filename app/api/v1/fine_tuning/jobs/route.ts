import { randomInt, randomUUID } from 'node:crypto';
import { defineRoute } from '#app/_server/define-route.ts';
import { createFineTuningJob } from '#lib/fine-tuning/create-fine-tuning-job.ts';
import { getFineTuningJob, listFineTuningJobs } from '#lib/fine-tuning/queries.ts';
import { recipeOf } from '#lib/fine-tuning/rules.ts';
import { createFineTuningJobSchema, pageSchema } from '#lib/fine-tuning/schema.ts';
import { getBaseModel } from '#lib/model-factory/get-base-model.ts';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';
import { toPage } from '../../_page-object.ts';
import { toJobObject } from './_job-object.ts';
import { prepareFile } from './_prepare-file.ts';

export const maxDuration = 300;

/**
 * Trains on a file: its rows become a version of a private Datanet, and the job is a training run like every other, with the
 * Balanced recipe where nothing else is said. `Idempotency-Key` makes a repeated request return the first job.
 */
export const POST = defineRoute({
  input: createFineTuningJobSchema,
  auth: 'account',
  scope: 'train',
  limit: { name: 'fine-tuning', max: 20, windowSeconds: 60 },
  run: async ({ deps, actor, input, request, apiKey }) => {
    const { model, fileId, suffix, hyperparameters } = input;
    await getBaseModel(deps, model);
    const versionId = await prepareFile(deps, actor, fileId);
    const recipe = recipeOf(recipePresets.balanced, hyperparameters, input.seed ?? randomInt(2 ** 31 - 1));
    const run = {
      ...{
        name: `Fine-tuning${suffix ? ` ${suffix}` : ''}`,
        versionId,
        baseModel: model,
        preset: 'custom' as const,
        recipe,
      },
      idempotencyKey: `api:${request.headers.get('idempotency-key')?.slice(0, 70) || randomUUID()}`,
    };
    const { runId } = await startTrainingRun(deps, actor, run, { apiKeyId: apiKey?.id ?? null });
    const { id } = await createFineTuningJob(deps, actor, { ...input, runId });
    return toJobObject(await getFineTuningJob(deps, actor, { id }), deps.env.APP_URL);
  },
});

/** One's jobs, newest first. */
export const GET = defineRoute({
  input: pageSchema,
  auth: 'account',
  scope: 'train',
  limit: { name: 'read', max: 600, windowSeconds: 60 },
  run: async ({ deps, actor, input }) => {
    const { data, hasMore } = await listFineTuningJobs(deps, actor, input);
    return toPage(
      data.map((job) => toJobObject(job, deps.env.APP_URL)),
      hasMore,
    );
  },
});
