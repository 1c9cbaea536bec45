import type { SessionCache } from '../../runtime/session-cache.ts';
import { type ChatMessage, renderChat } from '../../tokenizer/chat.ts';
import { timeBucket, toMicroBatch } from '../../train/batches.ts';
import { createStepEngine } from '../../train/create-step-engine.ts';
import type { PreparedExample } from '../../train/prepare-examples.ts';
import { AttributionQueryError } from '../errors.ts';
import { type AdaptedModel, baseLosses } from '../gradient-source.ts';
import { type Answer, prepareAnswer } from '../query-codes.ts';

export type SubsetValuesInput = Answer & {
  /** The conversation with each of the 2^k subsets of the k rows read; row i is in subset s where bit i of s is set. */
  conversations: readonly (readonly ChatMessage[])[];
};

export type SubsetValues = {
  /** Names method and version; a receipt is recomputed by the same. */
  method: string;
  /** log p(answer | conversation s) with the adapter, micro-nats, in the order of the conversations. */
  microNats: number[];
  /** The same of the bare base for the first conversation, in which no row is read. */
  baseMicroNats: number;
};

export const subsetMethod = 'prompt-shapley/1';

/** Subsets that go through the model together: bounds memory at 4 sequences whatever k is. */
const batchSize = 4;

/**
 * What an answer would have been worth to the model had it read other rows: its log probability after each conversation,
 * teacher-forced, by one forward pass a conversation (16 for 4 rows) and one of the bare base. All conversations are padded
 * to one length, so that the same request runs the same kernels: equal bits on one kind of CPU. Between CPUs float32 sums
 * differ by some micro-nats a token. Losses are added in float64 in token order and rounded once.
 *
 * @throws AttributionQueryError when the last conversation is not the prompt that was answered, or one is beyond the context
 */
export async function subsetValues(
  model: AdaptedModel,
  sessions: SessionCache,
  { conversations, promptIds, completionIds }: SubsetValuesInput,
): Promise<SubsetValues> {
  const { base, adapter } = model;
  const context = base.config.max_position_embeddings;
  const prompts = conversations.map((one) => renderChat(base.tokenizer, one, { addGenerationPrompt: true }).ids);
  checkPrompts(prompts, promptIds);
  const examples = prompts.map((ids) => prepareAnswer({ promptIds: ids, completionIds }, context));
  const time = timeBucket(Math.max(...examples.map(({ ids }) => ids.length)), context);
  const engine = createStepEngine({ base, layout: adapter.layout, sessions });
  const size = Math.min(batchSize, examples.length);
  const microNats: number[] = [];
  for (let at = 0; at < examples.length; at += size) {
    const part = examples.slice(at, at + size);
    const batch = toMicroBatch(part, { rows: [...part.keys()], time }, size, 1);
    const losses = await engine.losses(adapter.theta, batch);
    microNats.push(...part.map((example, row) => sumMicroNats(losses.subarray(row * time), example)));
  }
  const bare = await baseLosses(model, sessions, examples[0]!);
  return { method: subsetMethod, microNats, baseMicroNats: sumMicroNats(bare, examples[0]!) };
}

/** The prompt that was answered is one of those that are compared; else the values would be of another answer. */
function checkPrompts(prompts: readonly (readonly number[])[], promptIds: readonly number[]): void {
  const last = prompts.at(-1);
  if (last?.length !== promptIds.length || last.some((id, i) => id !== promptIds[i])) {
    throw new AttributionQueryError('The rows that the answer has read do not make its prompt.');
  }
}

/** log p of the completion: minus the sum of its losses, in token order. */
function sumMicroNats(losses: Float32Array, { mask }: PreparedExample): number {
  let nats = 0;
  for (let t = 0; t < mask.length; t++) if (mask[t]) nats -= losses[t]!;
  return Math.round(nats * 1e6) || 0; // no minus zero
}
