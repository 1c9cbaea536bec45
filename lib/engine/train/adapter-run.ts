import { join } from 'node:path';
import { initializeAdapter } from '../lora/layout.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { type AdapterPlan, planAdapterTraining, privacyAfter } from './adapter-plan.ts';
import { createAdapterSamples } from './adapter-samples.ts';
import { adapterSteps } from './adapter-steps.ts';
import { readCheckpoint, saveCheckpoint } from './checkpoint.ts';
import { createStepEngine } from './create-step-engine.ts';
import { TrainingError } from './errors.ts';
import { meanLoss } from './evaluate-loss.ts';
import { type HeldOutRecord, isOver, newHeldOutRecord, observeLoss } from './held-out-record.ts';
import { OptimizerState } from './optimizer-state.ts';
import { isPlanAttributable } from './run-manifest.ts';
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
  const { recipe, totalSteps } = plan;
  const start = { seconds: performance.now() / 1000, cpu: process.cpuUsage() };
  const resumed = input.resumeFrom ? await readCheckpoint(input.resumeFrom, plan.owner.fingerprint) : null;
  const { theta, m, v } = resumed?.state ?? { theta: firstTheta(plan), m: undefined, v: undefined };
  const state = new OptimizerState(theta, m, v);
  let step = resumed?.step ?? 0;
  yield startedEvent(plan, step);

  const sessions = new SessionCache(12, plan);
  const engine = createStepEngine({ ...plan, sessions });
  const evaluate = (theta: Float32Array | null): Promise<number> =>
    meanLoss(engine, theta, plan.evaluation, plan.base.config.max_position_embeddings);
  const samples = await createAdapterSamples(plan, input.evaluation);
  const baseLoss = await evaluate(null);
  let evalLoss = step === 0 && !plan.fork ? baseLoss : await evaluate(state.theta);
  yield { type: 'eval', step, loss: evalLoss, baseLoss };
  let heldOut = resumed?.heldOut ?? newHeldOutRecord(baseLoss);
  // A stop comes before the evaluation of its step, which then is made up for here.
  if (step > 0 && isEvaluated(plan, step) && heldOut.step < step) {
    heldOut = observeLoss(heldOut, recipe, { step, loss: evalLoss, state });
  }
  const save = async (): Promise<TrainEvent> => {
    const folder = join(input.outDir, 'checkpoints');
    return { type: 'checkpoint', ...(await saveCheckpoint(folder, { step, state, heldOut }, plan.owner)) };
  };
  if (!isOver(heldOut, recipe)) {
    for await (const event of adapterSteps(plan, engine, sessions, state, step)) {
      yield event;
      if (event.type === 'gradient') continue; // of the step that is about to be taken
      step = event.step;
      if (isStopped() && step < totalSteps) {
        yield await save();
        throw new TrainingError('training_stopped', `The training was stopped after step ${step}.`);
      }
      if (isEvaluated(plan, step)) {
        evalLoss = await evaluate(state.theta);
        heldOut = observeLoss(heldOut, recipe, { step, loss: evalLoss, state });
        yield { type: 'eval', step, loss: evalLoss, baseLoss };
        yield { type: 'sample', step, ...(await samples.draw(state.theta)) };
      }
      const isLast = step === totalSteps || isOver(heldOut, recipe);
      // Each measurement has its checkpoint, so that the best of them can be asked.
      if (isLast || isEvaluated(plan, step) || isDue(step, recipe.checkpointEverySteps)) yield await save();
      if (isLast) break;
    }
  }
  yield await finish(input, plan, { step, state, evalLoss, heldOut, baseLoss, start });
  await sessions.release();
  await samples.release();
}

type Ending = {
  step: number;
  state: OptimizerState;
  evalLoss: number;
  heldOut: HeldOutRecord;
  baseLoss: number;
  start: { seconds: number; cpu: NodeJS.CpuUsage };
};

/** Chooses the adapter, asks whether it is worth anything, and writes it. @throws TrainingError training_learnt_nothing */
async function finish(input: TrainAdapterInput, plan: AdapterPlan, ending: Ending): Promise<TrainEvent> {
  const { step, baseLoss, start } = ending;
  const last = { step, loss: ending.evalLoss, state: ending.state };
  const chosen = ending.heldOut.best ?? last;
  if (!(chosen.loss < baseLoss)) {
    const figures = `${chosen.loss.toFixed(4)} with it, ${baseLoss.toFixed(4)} without`;
    throw new TrainingError('training_learnt_nothing', `The adapter does not lower the held-out loss (${figures}).`);
  }
  const result = { steps: step, adapterStep: chosen.step, evalLoss: chosen.loss, baseEvalLoss: baseLoss };
  const hashes = await writeTrainedAdapter(input, plan, chosen.state, result);
  const seconds = performance.now() / 1000 - start.seconds;
  const { user, system } = process.cpuUsage(start.cpu);
  return {
    type: 'done',
    ...result,
    ...hashes,
    adapterDir: input.outDir,
    privacy: privacyAfter(plan, step),
    seconds,
    cpuSeconds: (user + system) / 1e6,
  };
}

/** A copy of the fork's adapter, or PEFT's start: A random, B zero. */
function firstTheta({ fork, layout, recipe }: AdapterPlan): Float32Array {
  return fork?.theta.slice() ?? initializeAdapter(layout, String(recipe.seed));
}

function startedEvent(plan: AdapterPlan, resumedStep: number): TrainEvent {
  const { train, evaluation, totalSteps } = plan;
  return {
    type: 'started',
    totalSteps,
    trainableParams: plan.layout.length,
    trainTokens: plan.trainTokens,
    truncatedExamples: train.truncated + evaluation.truncated,
    skippedExamples: [...train.skipped, ...evaluation.skipped],
    resumedStep,
    sealedSha256: evaluation.sha256,
    trainExamples: train.examples.length,
    heldOutExamples: evaluation.examples.length,
    attributable: isPlanAttributable(plan),
    privacy: privacyAfter(plan, totalSteps),
  };
}

function isEvaluated({ recipe, totalSteps }: AdapterPlan, step: number): boolean {
  return step === totalSteps || isDue(step, recipe.evalEverySteps);
}

function isDue(step: number, everySteps: number): boolean {
  return everySteps > 0 && step % everySteps === 0;
}
