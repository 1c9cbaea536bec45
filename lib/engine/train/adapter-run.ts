import { join } from 'node:path';
import { initializeAdapter } from '../lora/layout.ts';
import { learningRateFactor } from '../optim/schedule.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { type AdapterPlan, planAdapterTraining } from './adapter-plan.ts';
import { createAdapterSamples } from './adapter-samples.ts';
import { AdapterStepper } from './adapter-step.ts';
import { toMicroBatch } from './batches.ts';
import { readCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { createStepEngine } from './create-step-engine.ts';
import { TrainingError } from './errors.ts';
import { meanLoss } from './evaluate-loss.ts';
import { OptimizerState } from './optimizer-state.ts';
import { recipeOptimizer } from './recipe.ts';
import type { StepEngine } from './step-engine.ts';
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

  const sessions = new SessionCache(12, plan);
  const engine = createStepEngine({ ...plan, sessions });
  const evaluate = (theta: Float32Array | null): Promise<number> =>
    meanLoss(engine, theta, plan.evaluation, plan.base.config.max_position_embeddings);
  const samples = await createAdapterSamples(plan, input.evaluation);
  const baseLoss = await evaluate(null);
  let evalLoss = firstStep === 0 ? baseLoss : await evaluate(state.theta);
  yield { type: 'eval', step: firstStep, loss: evalLoss, baseLoss };

  for await (const event of adapterSteps(plan, engine, sessions, state, firstStep)) {
    yield event;
    const { step } = event;
    const isLast = step === plan.totalSteps;
    if (isStopped() && !isLast) {
      yield { type: 'checkpoint', ...(await saveCheckpoint(folder, step, state, plan.fingerprint)) };
      throw new TrainingError('training_stopped', `The training was stopped after step ${step}.`);
    }
    if (isLast || isDue(step, plan.recipe.evalEverySteps)) {
      evalLoss = await evaluate(state.theta);
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
  await sessions.release();
  await samples.release();
  const seconds = performance.now() / 1000 - startSeconds;
  const { user, system } = process.cpuUsage(startCpu);
  const cpuSeconds = (user + system) / 1e6;
  const result = { steps: plan.totalSteps, ...losses, adapterSha256, adapterDir: input.outDir };
  yield { type: 'done', ...result, seconds, cpuSeconds };
}

async function* adapterSteps(
  plan: AdapterPlan,
  engine: StepEngine,
  sessions: SessionCache,
  state: OptimizerState,
  firstStep: number,
): AsyncGenerator<Extract<TrainEvent, { type: 'step' }>> {
  const { layout, recipe, train, totalSteps, stepsPerEpoch, tokenBudget } = plan;
  const stepper = new AdapterStepper(engine, layout.length, recipeOptimizer(recipe), sessions);
  let [tokens, seconds] = [0, 0];
  for (let step = firstStep + 1; step <= totalSteps; step++) {
    const epoch = Math.floor((step - 1) / stepsPerEpoch);
    const batch = plan.batches(epoch)[(step - 1) % stepsPerEpoch]!;
    const microBatch = toMicroBatch(train.examples, batch, recipe.batchSize, 1 / tokenBudget);
    // Half a step ahead, so that neither the first nor the last step is lost on a rate of zero.
    const progress = (step - 0.5) / totalSteps;
    const learningRate = recipe.learningRate * learningRateFactor(recipe.schedule, progress, recipe.warmupRatio);
    const start = performance.now() / 1000;
    const { loss } = await stepper.step(state, [microBatch], { step, learningRate });
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
