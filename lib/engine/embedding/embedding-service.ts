import { readAdapter } from '../io/peft.ts';
import type { AdapterLayout } from '../lora/layout.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { AdapterBaseError } from '../serving/errors.ts';
import { type BaseModel, loadBaseModel } from '../train/base-model.ts';
import { plainBatches } from '../train/batches.ts';
import { embeddingGraph } from './embedding-graph.ts';

/**
 * `adapterDir` null: the bare base. Folders are cached by path. `baseSha256`: the base that the adapter was trained on, where that is
 * known. `texts`: token ids, each at least one.
 */
export type EmbedInput = {
  adapterDir: string | null;
  baseSha256?: string | undefined;
  texts: readonly (readonly number[])[];
};

type Adapter = { layout: AdapterLayout; theta: Float32Array };

const batchSize = 4;
const adaptersMax = 8;
/** One a length bucket and shape of adapter. */
const sessionsMax = 8;

/** What the embedding thread does: one base, compiled graphs and recent adapters kept between calls. */
export class EmbeddingService {
  private readonly base: BaseModel;
  private readonly sessions: SessionCache;
  private readonly adapters = new Map<string, Promise<Adapter>>();

  private constructor(base: BaseModel, threads: number) {
    this.base = base;
    this.sessions = new SessionCache(sessionsMax, { threads });
  }

  static async open(modelDir: string, threads: number): Promise<EmbeddingService> {
    return new EmbeddingService(await loadBaseModel(modelDir), threads);
  }

  /** A vector of length 1 a text, in their order: the mean of its tokens' last hidden states. Longer texts than the context are refused before. */
  async embed({ adapterDir, baseSha256, texts }: EmbedInput): Promise<Float32Array[]> {
    if (baseSha256 !== undefined && baseSha256 !== this.base.sha256)
      throw new AdapterBaseError(`The adapter was trained on the base ${baseSha256.slice(0, 12)}, not on this one.`);
    const { config, weights } = this.base;
    const adapter = adapterDir === null ? null : await this.adapter(adapterDir);
    const vectors: Float32Array[] = texts.map(() => new Float32Array(0));
    const lengths = texts.map(({ length }) => length);
    for (const { rows, time } of plainBatches(lengths, batchSize, config.max_position_embeddings)) {
      const shape = { batch: batchSize, time };
      const key = `${time} ${JSON.stringify(adapter?.layout.lora ?? null)}`;
      const session = await this.sessions.get(key, () => embeddingGraph(config, adapter?.layout ?? null, shape));
      const { ids, parts } = feedsOf(
        rows.map((row) => texts[row]!),
        time,
      );
      const feeds = { ...weights, ids, parts, ...(adapter && { theta: adapter.theta }) };
      const means = (await session.run(feeds)).means as Float32Array;
      for (const [line, row] of rows.entries()) {
        vectors[row] = toUnit(means.slice(line * config.hidden_size, (line + 1) * config.hidden_size));
      }
    }
    return vectors;
  }

  private adapter(dir: string): Promise<Adapter> {
    const known = this.adapters.get(dir) ?? readAdapter(dir, this.base.config);
    this.adapters.delete(dir);
    this.adapters.set(dir, known);
    known.catch(() => this.adapters.delete(dir));
    if (this.adapters.size > adaptersMax) this.adapters.delete(this.adapters.keys().next().value!);
    return known;
  }
}

function feedsOf(texts: readonly (readonly number[])[], time: number) {
  const ids = new Int32Array(batchSize * time);
  const parts = new Float32Array(batchSize * time);
  for (const [line, text] of texts.entries()) {
    ids.set(text, line * time);
    parts.fill(1 / text.length, line * time, line * time + text.length);
  }
  return { ids, parts };
}

function toUnit(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length > 0 ? vector.map((value) => value / length) : vector;
}
