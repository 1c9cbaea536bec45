import { SessionCache } from '../../runtime/session-cache.ts';
import { type AdapterPlan, planAdapterTraining } from '../../train/adapter-plan.ts';
import { isAttributable } from '../../train/recipe.ts';
import { datamodelingScore } from './datamodeling-score.ts';
import { answersMin, planSubsets, rowsMin, smoothnessStep } from './measure-bounds.ts';
import type { MeasuredAttribution, MeasuredRetraining, MeasureEvent, MeasureInput } from './measure-input.ts';
import { type MeasuredSubject, openSubject } from './measured-subject.ts';
import { Retrainer } from './retrainer.ts';
import { metasmoothness } from './smoothness.ts';
import { randomHalf, randomSigns } from './subsets.ts';

/** Rows that are taken away one at a time where answers were given: each time the one with the highest score in an answer. */
const withoutRowTrainings = 4;

/** One training: its name, and the weights of the rows. */
type Training = { key: string; weights: Float64Array };

/**
 * Measures how well an adapter's index predicts what happens to answers when rows are really taken away, by training again.
 * Equal inputs give equal results on one kind of CPU, also when it was broken off and goes on with `known`.
 *
 * For a certification (no answers given) the adapter answers prompts of its own rows, and two trainings with slightly moved
 * weights say how smooth the run is. For an audit (answers given) some rows are left out one by one besides the halves. It
 * blocks its thread: call `measureAttributionInThread`, unless you are in one.
 *
 * @throws AttributionStoppedError; AttributionIndexError; TrainingError and what `loadBaseModel` throws
 */
export async function* measureAttribution(input: MeasureInput, isStopped: () => boolean): AsyncGenerator<MeasureEvent> {
  const clock = cpuClock();
  const refuse = (reason: Extract<MeasureEvent, { type: 'refused' }>['reason']): MeasureEvent => ({
    type: 'refused',
    reason,
    cpuSeconds: clock(),
  });
  if (!isAttributable(input.recipe)) return yield refuse('not_attributable');
  const plan = await planAdapterTraining({
    ...{ modelDir: input.modelDir, outDir: input.adapterDir, recipe: input.recipe, threads: 1 },
    ...{ train: input.train, evaluation: input.heldOut, datasetRoot: input.datasetRoot },
  });
  if (plan.train.examples.length < rowsMin) return yield refuse('too_small');
  const sessions = new SessionCache(16, plan);
  try {
    const subject = await openSubject(plan, sessions, input, isStopped);
    yield { type: 'answers', count: subject.answers.length };
    if (subject.answers.length < answersMin) return yield refuse('too_small');
    const known = input.subsets === null ? {} : input.known;
    const effects = new Map(Object.entries(known).map(([key, values]) => [key, [...values]]));
    const retrainer = new Retrainer(plan, sessions, isStopped);
    const first = firstTrainings(plan, subject, input);
    const run = async function* (trainings: readonly Training[]): AsyncGenerator<MeasureEvent> {
      for (const { key, weights } of trainings) {
        if (effects.get(key)?.length === subject.answers.length) continue;
        const values = micronats(await retrainer.logLikelihoods(await retrainer.train(weights), subject.examples));
        effects.set(key, values);
        yield { type: 'trained', key, effects: values, done: effects.size, cpuSeconds: clock() };
      }
    };
    const before = clock();
    yield* run(first);
    const subsets = input.subsets ?? planSubsets(input.cpuSeconds - clock(), (clock() - before) / first.length);
    if (subsets === null) return yield refuse('too_dear');
    yield { type: 'planned', subsets, trainings: first.length + subsets };
    yield* run(Array.from({ length: subsets }, (_, i) => half(plan, input.seed, i)));
    const of = async (theta: Float32Array | null) => micronats(await retrainer.logLikelihoods(theta, subject.examples));
    const own = {
      base: await of(null),
      tuned: await of(subject.theta),
      gains: await rowGains(plan, subject, retrainer),
    };
    yield {
      type: 'measured',
      result: conclude(plan, subject, input, { subsets, effects, ...own }),
      cpuSeconds: clock(),
    };
  } catch (error) {
    // Moved weights must not break a training that went well: such a run is as far from smooth as can be.
    if ((error as { code?: unknown }).code !== 'training_diverged') throw error;
    yield refuse('diverged');
  } finally {
    await sessions.release();
  }
}

/** The trainings on all or nearly all rows: what they cost says how many halves the budget allows. */
function firstTrainings(plan: AdapterPlan, subject: MeasuredSubject, input: MeasureInput): Training[] {
  const rows = plan.train.examples.length;
  if (!input.answers) {
    const signs = randomSigns(rows, input.seed);
    return [1, 2].map((steps) => ({
      key: `direction/${steps}`,
      weights: Float64Array.from(signs, (sign) => 1 + steps * smoothnessStep * sign),
    }));
  }
  return topRows(subject).map(({ row }) => {
    const weights = new Float64Array(rows).fill(1);
    weights[row] = 0;
    return { key: `without/${row}`, weights };
  });
}

/** Of the first answers the row with the highest score, each row once. */
function topRows({ answers }: MeasuredSubject): { row: number; answerId: string }[] {
  const chosen = new Map<number, string>();
  for (const { id, scores } of answers) {
    if (chosen.size === withoutRowTrainings) break;
    let top = 0;
    for (let row = 1; row < scores.length; row++) if (scores[row]! > scores[top]!) top = row;
    if (!chosen.has(top)) chosen.set(top, id);
  }
  return [...chosen].map(([row, answerId]) => ({ row, answerId }));
}

function half(plan: AdapterPlan, seed: string, number: number): Training {
  const weights = new Float64Array(plan.train.examples.length);
  for (const row of randomHalf(weights.length, seed, number)) weights[row] = 1;
  return { key: `half/${number}`, weights };
}

/** What the adapter made of the rows that were asked about, by id: log p of their own answers less that of the base. */
async function rowGains(plan: AdapterPlan, { theta, answers }: MeasuredSubject, retrainer: Retrainer) {
  const asked = new Set(answers.map(({ id }) => id));
  const rows = [...plan.train.examples, ...plan.evaluation.examples].filter(({ id }) => asked.has(id));
  const base = micronats(await retrainer.logLikelihoods(null, rows));
  const tuned = micronats(await retrainer.logLikelihoods(theta, rows));
  return new Map(rows.map(({ id }, i) => [id, tuned[i]! - base[i]!]));
}

type Found = {
  subsets: number;
  effects: Map<string, number[]>;
  base: number[];
  tuned: number[];
  gains: Map<string, number>;
};

function conclude(
  plan: AdapterPlan,
  subject: MeasuredSubject,
  { seed, answers: given }: MeasureInput,
  { subsets, effects, base, tuned, gains }: Found,
): MeasuredAttribution {
  const halves = Array.from({ length: subsets }, (_, i): MeasuredRetraining => {
    const { key, weights } = half(plan, seed, i);
    return { predicted: predict(subject, weights), measured: effects.get(key)! };
  });
  const direction = given ? null : ([effects.get('direction/1')!, effects.get('direction/2')!] as [number[], number[]]);
  return {
    method: subject.method,
    rows: plan.train.examples.length,
    answers: subject.answers.map(({ scores: _scores, ...answer }, i) => ({
      ...answer,
      baseMicronats: base[i]!,
      tunedMicronats: tuned[i]!,
      rowGainMicronats: given ? null : (gains.get(answer.id) ?? null),
    })),
    smoothness: direction && { direction, value: metasmoothness([tuned, ...direction]) },
    halves,
    withoutRow: given ? withoutRows(plan, subject, { effects, tuned }) : [],
    score: datamodelingScore(halves),
  };
}

function withoutRows(
  plan: AdapterPlan,
  subject: MeasuredSubject,
  { effects, tuned }: Pick<Found, 'effects' | 'tuned'>,
) {
  return topRows(subject).map(({ row, answerId }) => ({
    exampleId: plan.train.examples[row]!.id,
    answerId,
    predicted: subject.answers.map(({ scores }) => -toMicronats(scores[row]!)),
    measured: effects.get(`without/${row}`)!.map((value, i) => value - tuned[i]!),
  }));
}

/** Sum of the scores of the rows that stay, by answer. */
function predict({ answers }: MeasuredSubject, weights: Float64Array): number[] {
  return answers.map(({ scores }) => {
    let sum = 0n;
    for (let row = 0; row < weights.length; row++) if (weights[row] !== 0) sum += scores[row]!;
    return toMicronats(sum);
  });
}

function toMicronats(score: bigint): number {
  return Number((score * 1_000_000n) >> 32n);
}

function micronats(values: Float64Array): number[] {
  return Array.from(values, (value) => Math.round(value * 1e6));
}

/** CPU seconds of this thread since the call. */
function cpuClock(): () => number {
  const start = process.threadCpuUsage();
  return () => {
    const { user, system } = process.threadCpuUsage(start);
    return (user + system) / 1e6;
  };
}
