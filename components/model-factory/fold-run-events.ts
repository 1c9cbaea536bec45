import { type CheckpointMarks, foldMarks, noMarks } from '#lib/kernel/checkpoint-marks.ts';
import type { RunEvent } from '#lib/model-factory/types.ts';
import { type GradientPulls, readPulls } from './gradient-shares.ts';

/** One place on the curves; a step may have a training loss, a measurement on the held-out rows, or both. */
export type CurvePoint = { step: number; loss: number | null; heldOut: number | null };
export type RunSample = { step: number; prompt: string; text: string };

/** Everything that the run page draws from what the training said. */
export type RunProgress = {
  seq: number;
  points: CurvePoint[];
  samples: RunSample[];
  /** Of a run on several Datanets: what rows of each did to the gradient. */
  pulls: GradientPulls[];
  baseLoss: number | null;
  totalSteps: number | null;
  step: number;
  epoch: number | null;
  learningRate: number | null;
  tokensPerSecond: number | null;
  etaSeconds: number | null;
  trainableParams: number | null;
  trainTokens: number | null;
  truncatedExamples: number;
  checkpointStep: number | null;
  /** All checkpoints that were stored; which of them are kept says lib/kernel/checkpoint-marks.ts. */
  checkpoints: CheckpointMarks;
  /** The step whose weights became the adapter; null until the training is done. */
  adapterStep: number | null;
  /** The checkpoint that a run went on from after its worker was gone or its owner had stopped it; null: never. */
  wentOnFrom: number | null;
  /** What a cancelled run had trained on. */
  usedTokens: number | null;
  /** Rows whose gradients are stored for attribution, out of all. */
  index: { done: number; total: number } | null;
};

export const emptyProgress: RunProgress = {
  seq: 0,
  points: [],
  samples: [],
  pulls: [],
  baseLoss: null,
  totalSteps: null,
  step: 0,
  epoch: null,
  learningRate: null,
  tokensPerSecond: null,
  etaSeconds: null,
  trainableParams: null,
  trainTokens: null,
  truncatedExamples: 0,
  checkpointStep: null,
  checkpoints: noMarks,
  adapterStep: null,
  wentOnFrom: null,
  usedTokens: null,
  index: null,
};

/** More points than this say nothing more on a screen; older ones are thinned. */
const maxPoints = 1_600;

/**
 * Adds events to what is known. A resumed run says the steps after its checkpoint again: what was drawn beyond it is
 * taken back first, so the curve is that of the training that counts. Events seen already change nothing.
 */
export function foldRunEvents(before: RunProgress, events: readonly RunEvent[]): RunProgress {
  let next = before;
  for (const event of events) {
    if (event.seq <= next.seq) continue;
    next = { ...foldOne(next, event), checkpoints: foldMarks(next.checkpoints, event), seq: event.seq };
  }
  return next.points.length > maxPoints ? { ...next, points: thin(next.points) } : next;
}

function foldOne(progress: RunProgress, { type, data }: RunEvent): RunProgress {
  const step = numberOf(data.step) ?? progress.step;
  switch (type) {
    case 'started':
      return {
        ...rewind(progress, numberOf(data.resumedStep) ?? 0),
        totalSteps: numberOf(data.totalSteps),
        trainableParams: numberOf(data.trainableParams),
        trainTokens: numberOf(data.trainTokens),
        truncatedExamples: numberOf(data.truncatedExamples) ?? 0,
      };
    case 'step':
      return {
        ...progress,
        step,
        points: setPoint(progress.points, step, { loss: numberOf(data.loss) }),
        epoch: numberOf(data.epoch),
        learningRate: numberOf(data.learningRate),
        tokensPerSecond: numberOf(data.tokensPerSecond),
        etaSeconds: numberOf(data.etaSeconds),
      };
    case 'eval':
      return {
        ...progress,
        points: setPoint(progress.points, step, { heldOut: numberOf(data.loss) }),
        baseLoss: numberOf(data.baseLoss) ?? progress.baseLoss,
      };
    case 'sample': {
      const sample = { step, prompt: String(data.prompt ?? ''), text: String(data.text ?? '') };
      return { ...progress, samples: [...progress.samples.filter((one) => one.step !== step), sample] };
    }
    case 'gradient': {
      const pulls = readPulls(step, data.parts);
      return pulls ? { ...progress, pulls: [...progress.pulls.filter((one) => one.step !== step), pulls] } : progress;
    }
    case 'resumed':
      return { ...progress, wentOnFrom: step };
    case 'cancelled':
      return { ...progress, usedTokens: numberOf(data.trainedTokens) };
    case 'checkpoint':
      return { ...progress, checkpointStep: step };
    case 'done':
      return { ...progress, adapterStep: numberOf(data.adapterStep) };
    case 'index':
      return { ...progress, index: { done: numberOf(data.done) ?? 0, total: numberOf(data.total) ?? 0 } };
    default:
      return progress;
  }
}

function rewind(progress: RunProgress, step: number): RunProgress {
  return {
    ...progress,
    step,
    points: progress.points.filter((point) => point.step <= step),
    samples: progress.samples.filter((sample) => sample.step <= step),
    pulls: progress.pulls.filter((one) => one.step <= step),
    etaSeconds: null,
    index: null,
  };
}

function setPoint(points: CurvePoint[], step: number, values: Partial<CurvePoint>): CurvePoint[] {
  const last = points.at(-1);
  if (last && last.step === step) return [...points.slice(0, -1), { ...last, ...values }];
  if (last && last.step > step) {
    const known = points.some((point) => point.step === step);
    const merged = known
      ? points.map((point) => (point.step === step ? { ...point, ...values } : point))
      : [...points, { step, loss: null, heldOut: null, ...values }];
    return merged.sort((a, b) => a.step - b.step);
  }
  return [...points, { step, loss: null, heldOut: null, ...values }];
}

/** Drops every second point that carries no measurement. */
function thin(points: CurvePoint[]): CurvePoint[] {
  return points.filter((point, i) => point.heldOut !== null || i % 2 === 0 || i === points.length - 1);
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** The step with the lowest loss on the held-out rows, the first of several; null before anything was measured after step 0. */
export function bestStep(points: readonly CurvePoint[]): number | null {
  let best: CurvePoint | null = null;
  for (const point of points)
    if (point.step > 0 && point.heldOut !== null && (best === null || point.heldOut < best.heldOut!)) best = point;
  return best?.step ?? null;
}
