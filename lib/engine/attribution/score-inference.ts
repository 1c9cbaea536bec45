import { createHash } from 'node:crypto';
import type { SessionCache } from '../runtime/session-cache.ts';
import { timeBucket } from '../train/batches.ts';
import type { PreparedExample } from '../train/prepare-examples.ts';
import type { AttributionIndex } from './attribution-index.ts';
import { AttributionIndexError, AttributionQueryError } from './errors.ts';
import { type AdaptedModel, baseLosses, exampleGradients } from './gradient-source.ts';
import { attributionMethod } from './index-header.ts';
import { noiseCut } from './noise-cut.ts';
import { idAt } from './packed-ids.ts';
import { type Codes, quantise } from './quantise.ts';
import { scanRows } from './scan.ts';
import { createSketch, type Sketch, sketchGradient } from './sketch.ts';
import { whitenFeatures } from './whiten-features.ts';

export type Answer = {
  promptIds: readonly number[];
  completionIds: readonly number[];
  /** Whether the bare base's log p is asked for, too: one forward pass more, a third of the whole cost of scoring. */
  withBaseLogprobs?: boolean | undefined;
};

export type InferenceScores = {
  method: string;
  indexSha256: string;
  /**
   * Influence of each row, in index order, on log p(completion | prompt), nats x 2^32; positive: made the answer more likely.
   */
  scores: BigInt64Array<ArrayBuffer>;
  /** 1.4826 x the scores' median absolute deviation, same unit. */
  sigma: bigint;
  /** Score that a row must exceed to count, 3 sigma. */
  cutScore: bigint;
  /** The rows above the cut, in index order. When there is none, all rows: no source stands out, and they share equally. */
  rows: { exampleId: string; score: bigint }[];
  /** SHA-256 of the query's codes and scale; pins the one floating-point step for a verifier. */
  queryCodesHash: string;
  /** log p of each completion token with the adapter, and with the bare base if that was asked for. */
  tunedLogprobs: number[];
  baseLogprobs: number[] | null;
};

/**
 * Scores every indexed row against one answer: one forward and backward pass over the logged tokens, then integers only.
 *
 * What a stranger gets when computing it again, step by step:
 * 1. the gradient (float32, onnxruntime): the same bits on one kind of CPU, whatever the threads; close to them on another;
 * 2. sketch and whitening (float64, only + - * / and sqrt, in a fixed order): from equal gradients equal bits everywhere;
 * 3. quantising (float64 to int8): equal bits everywhere; `queryCodesHash` pins what came out;
 * 4. scores, cut and sums (integers): exact everywhere, from the index file and the codes alone.
 *
 * @throws AttributionIndexError if the index is of another base or adapter; AttributionQueryError
 */
export async function scoreInference(
  model: AdaptedModel,
  sessions: SessionCache,
  index: AttributionIndex,
  answer: Answer,
): Promise<InferenceScores> {
  checkIndex(model, index);
  const example = prepareAnswer(answer, model.base.config.max_position_embeddings);
  const time = timeBucket(example.ids.length, model.base.config.max_position_embeddings);
  const { gradients, losses } = await exampleGradients(model, sessions, [example], { rows: [0], time }, 1);
  const tunedLogprobs = completionLogprobs(losses, answer);
  const sketch = sketchOf(model, index);
  const [vector] = whitenFeatures(sketch, index.whitenings, [sketchGradient(sketch, gradients[0]!)]);
  const query = quantise(vector!);
  const bare = answer.withBaseLogprobs ? await baseLosses(model, sessions, example) : null;
  return {
    method: attributionMethod,
    indexSha256: index.sha256,
    ...scoreRows(index, query),
    queryCodesHash: hashCodes(query),
    tunedLogprobs,
    baseLogprobs: bare && completionLogprobs(bare, answer),
  };
}

/** From the query's codes on, everything is integers. */
export function scoreRows(
  { shards, ids, header }: AttributionIndex,
  query: Codes,
): Pick<InferenceScores, 'scores' | 'sigma' | 'cutScore' | 'rows'> {
  const [scores] = scanRows({ shards, count: header.rows, dims: header.dims }, [query]);
  const { sigma, cut, rows: above } = noiseCut(scores!);
  const counted = above.length > 0 ? above : Array.from(scores!.keys());
  return {
    scores: scores!,
    sigma,
    cutScore: cut,
    rows: counted.map((row) => ({ exampleId: idAt(ids, row), score: scores![row]! })),
  };
}

/** Its signs are thousands of hashes, so they are kept as long as the index is. */
const sketches = new WeakMap<AttributionIndex, Sketch>();

function sketchOf({ adapter }: AdaptedModel, index: AttributionIndex): Sketch {
  const sketch = sketches.get(index) ?? createSketch(adapter.layout, index.header.seed, index.header);
  sketches.set(index, sketch);
  return sketch;
}

/** The answer as a training example whose loss is on the completion alone. */
function prepareAnswer({ promptIds, completionIds }: Answer, context: number): PreparedExample {
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

function completionLogprobs(losses: Float32Array, { promptIds, completionIds }: Answer): number[] {
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

function hashCodes({ codes, scale }: Codes): string {
  const scaleBytes = Buffer.alloc(4);
  scaleBytes.writeUInt32LE(scale);
  return createHash('sha256').update(codes).update(scaleBytes).digest('hex');
}
