import { createHash } from 'node:crypto';
import type { SessionCache } from '../runtime/session-cache.ts';
import { timeBucket } from '../train/batches.ts';
import type { PreparedExample } from '../train/prepare-examples.ts';
import { atStrength } from './at-strength.ts';
import type { AttributionIndex } from './attribution-index.ts';
import { encodeCodes } from './encode-codes.ts';
import { AttributionIndexError, AttributionQueryError } from './errors.ts';
import { type AdaptedModel, exampleGradients } from './gradient-source.ts';
import { gradientScope } from './index-header.ts';
import { type Codes, quantise } from './quantise.ts';
import { queryVector } from './query-vector.ts';

/** A prompt and what the adapter answered, as the tokens that were logged. */
export type Answer = { promptIds: readonly number[]; completionIds: readonly number[] };

export type QueryCodes = {
  /** The query's codes and scale as `encodeCodes` writes them: with them and the index anyone computes the scores again. */
  queryCodes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of `queryCodes`; pins the one floating-point step for a verifier. */
  queryCodesHash: string;
  /** log p of each completion token with the adapter at the index's strength: of the pass that gives the gradient. */
  tunedLogprobs: number[];
};

/**
 * An answer's gradient as codes on the features of an index: one forward and backward pass over the logged tokens.
 * @throws AttributionIndexError if the index is of another base or adapter; AttributionQueryError
 */
export async function queryCodes(
  model: AdaptedModel,
  sessions: SessionCache,
  index: AttributionIndex,
  answer: Answer,
): Promise<QueryCodes> {
  const example = prepareAnswer(answer, model.base.config.max_position_embeddings);
  const { codes, losses } = await exampleCodes(model, sessions, index, example);
  const bytes = encodeCodes(codes);
  const queryCodesHash = createHash('sha256').update(bytes).digest('hex');
  return { queryCodes: bytes, queryCodesHash, tunedLogprobs: completionLogprobs(losses, answer) };
}

/** As `queryCodes`, of any example; and its losses by position. @throws AttributionIndexError */
export async function exampleCodes(
  model: AdaptedModel,
  sessions: SessionCache,
  index: AttributionIndex,
  example: PreparedExample,
): Promise<{ codes: Codes; losses: Float32Array }> {
  checkIndex(model, index);
  const scope = gradientScope(index.header);
  const time = timeBucket(example.ids.length, model.base.config.max_position_embeddings);
  const at = atStrength(model, index.header.strength ?? 1);
  const { gradients, losses } = await exampleGradients(at, sessions, scope, [example], { rows: [0], time }, 1);
  return { codes: quantise(queryVector(model.adapter.layout, index, gradients[0]!)), losses };
}

/** The answer as a training example whose loss is on the completion alone. */
export function prepareAnswer({ promptIds, completionIds }: Answer, context: number): PreparedExample {
  if (promptIds.length === 0 || completionIds.length === 0) {
    throw new AttributionQueryError('Attribution needs a prompt and at least one completion token.');
  }
  const all = [...promptIds, ...completionIds];
  if (all.length - 1 > context) {
    throw new AttributionQueryError(`The answer has ${all.length} tokens with its prompt; the context is ${context}.`);
  }
  return {
    id: 'answer',
    ids: Int32Array.from(all.slice(0, -1)),
    labels: Int32Array.from(all.slice(1)),
    mask: Uint8Array.from(all.slice(1), (_, i) => (i >= promptIds.length - 1 ? 1 : 0)),
    lossTokens: completionIds.length,
  };
}

/** log p of each completion token, from the losses of all positions. */
export function completionLogprobs(losses: Float32Array, { promptIds, completionIds }: Answer): number[] {
  return completionIds.map((_, i) => -losses[promptIds.length - 1 + i]!);
}

function checkIndex({ base, adapter, adapterSha256 }: AdaptedModel, { header }: AttributionIndex): void {
  if (header.baseSha256 !== base.sha256) {
    throw new AttributionIndexError('The attribution index was built on another base model.');
  }
  const isSameLora = JSON.stringify(header.lora) === JSON.stringify(adapter.layout.lora);
  if (header.adapterSha256 !== adapterSha256 || !isSameLora) {
    throw new AttributionIndexError('The attribution index was built for another adapter.');
  }
}
