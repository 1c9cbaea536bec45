import { createHash } from 'node:crypto';
import type { SessionCache } from '../../runtime/session-cache.ts';
import type { AdapterPlan } from '../../train/adapter-plan.ts';
import type { PreparedExample } from '../../train/prepare-examples.ts';
import { type AdaptedModel, loadAdaptedModel } from '../gradient-source.ts';
import { idAt } from '../packed-ids.ts';
import { prepareAnswer } from '../query-codes.ts';
import { readIndex } from '../read-index.ts';
import { scoreInference } from '../score-inference.ts';
import { choosePrompts } from './choose-prompts.ts';
import { generateAnswers } from './generate-answers.ts';
import { promptsMax } from './measure-bounds.ts';
import type { MeasuredAnswer, MeasureInput } from './measure-input.ts';

type GivenAnswer = { id: string; isTrained: boolean | null; promptIds: number[]; completionIds: number[] };

/** What trainings are compared on: answers, and the score that the index gives each training row in each of them. */
export type MeasuredSubject = {
  theta: Float32Array;
  method: string;
  examples: PreparedExample[];
  answers: (Omit<MeasuredAnswer, 'baseMicronats' | 'tunedMicronats' | 'rowGainMicronats'> & {
    /** By training row, nats x 2^32. */
    scores: BigInt64Array;
  })[];
};

/** Loads adapter and index, asks the adapter where no answers were given, and scores every answer. */
export async function openSubject(
  plan: AdapterPlan,
  sessions: SessionCache,
  input: MeasureInput,
  isStopped: () => boolean,
): Promise<MeasuredSubject> {
  const model = await loadAdaptedModel(plan.base, input.adapterDir);
  const given = input.answers?.map((answer) => ({ ...answer, isTrained: null }));
  const answers = given ?? (await ownAnswers(plan, model, input.seed, isStopped));
  const index = await readIndex(input.indexFile);
  const places = new Map(plan.train.examples.map(({ id }, row) => [id, row]));
  const scored: MeasuredSubject['answers'] = [];
  for (const answer of answers) {
    const { scores, cutScore, rows } = await scoreInference(model, sessions, index, answer);
    const byRow = new BigInt64Array(plan.train.examples.length);
    for (let i = 0; i < scores.length; i++) {
      const row = places.get(idAt(index.ids, i));
      if (row !== undefined) byRow[row] = scores[i]!;
    }
    scored.push({ ...tokenFacts(answer), cutScore, rows, scores: byRow });
  }
  const context = plan.base.config.max_position_embeddings;
  const examples = answers.map((answer) => prepareAnswer(answer, context));
  return { theta: model.adapter.theta, method: index.header.method, examples, answers: scored };
}

async function ownAnswers(
  plan: AdapterPlan,
  { adapter }: AdaptedModel,
  seed: string,
  isStopped: () => boolean,
): Promise<GivenAnswer[]> {
  const sets = { train: plan.train.examples, heldOut: plan.evaluation.examples, seed };
  const prompts = choosePrompts(sets, promptsMax).map(({ rowId, ...prompt }) => ({ id: rowId, ...prompt }));
  return generateAnswers(plan, adapter.theta, prompts, isStopped);
}

function tokenFacts({ id, isTrained, promptIds, completionIds }: GivenAnswer) {
  const tokensSha256 = createHash('sha256')
    .update(Int32Array.from([...promptIds, ...completionIds]))
    .digest('hex');
  return { id, isTrained, promptTokens: promptIds.length, completionTokens: completionIds.length, tokensSha256 };
}
