import { join } from 'node:path';
import { initializeAdapter } from '../lora/layout.ts';
import { adamCorrections } from '../optim/adamw.ts';
import { learningRateFactor } from '../optim/schedule.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { type AdapterPlan, planAdapterTraining } from './adapter-plan.ts';
import { createAdapterSamples } from './adapter-samples.ts';
import { batchFeeds } from './batches.ts';
import { readCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { TrainingError } from './errors.ts';
import { LossEvaluator } from './evaluate-loss.ts';
import { loraTrainingGraph } from './graphs.ts';
import { OptimizerState } from './optimizer-state.ts';
import { recipeOptimizer } from './recipe.ts';
import type { TrainAdapterInput, TrainEvent } from './train-events.ts';
import { writeTrainedAdapter } from './write-trained-adapter.ts';

/**
 * The LoRA fine-tune itself. It blocks its thread for the length of each step: call `trainAdapter`, which runs it in a
 * worker thread, unless you are in one.
 *
 * @param isStopped asked after every step; once true, a checkpoint is written and training_stopped is thrown
 */
export async function* runAdapterTraining(
  input: TrainAdapterInput,
  isStopped: () => boolean,
): AsyncGenerator<TrainEvent> {
  const plan = await planAdapterTraining(input);
  const startSeconds = performance.now() / 1000;
  const startCpu = process.cpuUsage();
  const folder = join(input.outDir, 'checkpoints');
  const { step: firstStep, state } = input.resumeFrom
    ? await readCheckpoint(input.resumeFrom, plan.layout.length, plan.fingerprint)
    : { step: 0, state: new OptimizerState(initializeAdapter(plan.layout, String(plan.recipe.seed))) };
  yield startedEvent(plan, firstStep);

  const evaluator = new LossEvaluator(plan.base, plan.layout, plan.evaluation, plan.threads);
  const samples = await createAdapterSamples(plan, input.evaluation);
  const baseLoss = await evaluator.meanLoss(null);
  let evalLoss = firstStep === 0 ? baseLoss : await evaluator.meanLoss(state.theta);
  yield { type: 'eval', step: firstStep, loss: evalLoss, baseLoss };

  for await (const event of adapterSteps(plan, state, firstStep)) {
    yield event;
    const { step } = event;
    const isLast = step === plan.totalSteps;
    if (isStopped() && !isLast) {
      yield { type: 'checkpoint', ...(await saveCheckpoint(folder, step, state, plan.fingerprint)) };
      throw new TrainingError('training_stopped', `The training was stopped after step ${step}.`);
    }
    if (isLast || isDue(step, plan.recipe.evalEverySteps)) {
      evalLoss = await evaluator.meanLoss(state.theta);
      yield { type: 'eval', step, loss: evalLoss, baseLoss };
      yield { type: 'sample', step, ...(await samples.draw(state.theta)) };
    }
    if (isLast || isDue(step, plan.recipe.checkpointEverySteps)) {
      yield { type: 'checkpoint', ...(await saveCheckpoint(folder, step, state, plan.fingerprint)) };
    }
  }
  if (!(evalLoss < baseLoss)) {
    const figures = `${evalLoss.toFixed(4)} with it, ${baseLoss.toFixed(4)} without`;
    throw new TrainingError('training_learnt_nothing', `The adapter does not lower the held-out loss (${figures}).`);
  }
  const losses = { evalLoss, baseEvalLoss: baseLoss };
  const adapterSha256 = await writeTrainedAdapter(input, plan, state, losses);
  await evaluator.release();
  await samples.release();
  const seconds = performance.now() / 1000 - startSeconds;
  const { user, system } = process.cpuUsage(startCpu);
  const cpuSeconds = (user + system) / 1e6;
  const result = { steps: plan.totalSteps, ...losses, adapterSha256, adapterDir: input.outDir };
  yield { type: 'done', ...result, seconds, cpuSeconds };
}

async function* adapterSteps(
  plan: AdapterPlan,
  state: OptimizerState,
  firstStep: number,
): AsyncGenerator<Extract<TrainEvent, { type: 'step' }>> {
  const { base, layout, recipe, train, totalSteps, stepsPerEpoch, tokenBudget } = plan;
  const optimizer = recipeOptimizer(recipe);
  const sessions = new SessionCache(6, plan);
  let [tokens, seconds] = [0, 0];
  for (let step = firstStep + 1; step <= totalSteps; step++) {
    const epoch = Math.floor((step - 1) / stepsPerEpoch);
    const batch = plan.batches(epoch)[(step - 1) % stepsPerEpoch]!;
    const shape = { batch: recipe.batchSize, time: batch.time };
    const session = await sessions.get(String(batch.time), () =>
      loraTrainingGraph(base.config, layout, shape, optimizer),
    );
    // Half a step ahead, so that neither the first nor the last step is lost on a rate of zero.
    const progress = (step - 0.5) / totalSteps;
    const learningRate = recipe.learningRate * learningRateFactor(recipe.schedule, progress, recipe.warmupRatio);
    const start = performance.now() / 1000;
    const { loss } = await state.step(session, {
      ...base.weights,
      ...batchFeeds(train.examples, batch, recipe.batchSize, 1 / tokenBudget),
      ...adamCorrections(optimizer, step),
      learningRate: Float32Array.of(learningRate),
    });
    const rows = batch.rows.map((row) => train.examples[row]!);
    const lossTokens = rows.reduce((sum, row) => sum + row.lossTokens, 0);
    tokens += rows.reduce((sum, row) => sum + row.ids.length, 0);
    seconds += performance.now() / 1000 - start;
    const etaSeconds = (totalSteps - step) * (seconds / (step - firstStep));
    const meanLoss = (loss * tokenBudget) / lossTokens;
    yield {
      type: 'step',
      step,
      epoch: epoch + 1,
      loss: meanLoss,
      learningRate,
      tokensPerSecond: tokens / seconds,
      etaSeconds,
    };
  }
  await sessions.release();
}

function startedEvent(plan: AdapterPlan, resumedStep: number): TrainEvent {
  return {
    type: 'started',
    totalSteps: plan.totalSteps,
    trainableParams: plan.layout.length,
    trainTokens: plan.train.tokens * plan.recipe.epochs,
    truncatedExamples: plan.train.truncated + plan.evaluation.truncated,
    skippedExamples: [...plan.train.skipped, ...plan.evaluation.skipped],
    resumedStep,
  };
}

function isDue(step: number, everySteps: number): boolean {
  return everySteps > 0 && step % everySteps === 0;
}
