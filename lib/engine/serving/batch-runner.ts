import type { OpenModelDir } from '../io/model-dir.ts';
import { headSize } from '../nn/config.ts';
import { rotaryAngles } from '../nn/llama.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import { AdapterSlots, type PreparedAdapter } from './adapter-slots.ts';
import { KeyValueCache } from './kv-cache.ts';
import { decodeGraph, prefillGraph } from './serving-graphs.ts';

export type BatchRunnerOptions = { slots: number; contextTokens: number; threads: number };

/** Above this size each compiled decode step holds too much memory for one per power of two. */
const manyBatchSizesParametersMax = 20_000_000;

/** Runs prompts and decoding steps on slots. A slot is a cache row plus a place for an adapter. */
export class BatchRunner {
  readonly options: BatchRunnerOptions;
  private readonly model: OpenModelDir;
  private readonly weightFeeds: Record<string, Float32Array>;
  private readonly cache: KeyValueCache;
  private readonly adapters: (PreparedAdapter | null)[];
  private adapterSlots: AdapterSlots;
  private readonly decodeSessions: SessionCache;
  private readonly prefillSessions: SessionCache;
  private readonly angles: { cos: Float32Array; signedSin: Float32Array };
  private readonly batchSizes: number[];

  constructor(model: OpenModelDir, options: BatchRunnerOptions) {
    const { slots, contextTokens, threads } = options;
    this.model = model;
    this.options = options;
    this.weightFeeds = Object.fromEntries([...model.weights].map(([name, { data }]) => [name, data]));
    this.cache = new KeyValueCache(model.config, slots, contextTokens);
    this.adapters = Array.from({ length: slots }, () => null);
    this.adapterSlots = new AdapterSlots(model.config, slots, 0);
    this.batchSizes = batchSizes(slots, model.parameterCount > manyBatchSizesParametersMax);
    this.decodeSessions = new SessionCache(2 * this.batchSizes.length, { threads });
    this.prefillSessions = new SessionCache(12, { threads });
    this.angles = rotaryAngles(model.config, contextTokens);
  }

  /** Runs a prompt into `slot` with its adapter; returns the logits [V] after its last token, valid until the next call. */
  async prefill(slot: number, promptIds: readonly number[], adapter: PreparedAdapter | null): Promise<Float32Array> {
    this.place(slot, adapter);
    const { config } = this.model;
    const rank = adapter ? this.adapterSlots.rank : 0;
    const time = Math.min(this.options.contextTokens, Math.max(32, 2 ** Math.ceil(Math.log2(promptIds.length))));
    const session = await this.prefillSessions.get(`${time}/${rank}`, () => prefillGraph(config, { time, rank }));
    const ids = new Int32Array(time);
    ids.set(promptIds);
    const outputs = await session.run({
      ...this.weightFeeds,
      ...(rank > 0 ? this.adapterSlots.feedsOf(slot) : {}),
      ids,
      last: Int32Array.of(promptIds.length - 1),
    });
    this.cache.load(slot, promptIds.length, outputs);
    return outputs.logits as Float32Array;
  }

  /**
   * Feeds one token to each named slot, all in one batch, and appends it to the cache.
   * Returns the logits [V] of each, in the given order, valid until the next call.
   */
  async decode(rows: readonly { slot: number; id: number; position: number }[]): Promise<Float32Array[]> {
    const { config, weights } = this.model;
    const { contextTokens: context } = this.options;
    const highest = Math.max(...rows.map((row) => row.slot));
    const batch = this.batchSizes.find((size) => size > highest)!;
    const rank = rows.some(({ slot }) => this.adapters[slot]) ? this.adapterSlots.rank : 0;
    const session = await this.decodeSessions.get(`${batch}/${rank}`, () =>
      decodeGraph(config, weights, { batch, context, rank }),
    );
    const outputs = await session.run({
      ...this.positionFeeds(batch, rows),
      ...this.cache.feeds(batch),
      ...(rank > 0 ? this.adapterSlots.feeds(batch) : {}),
    });
    for (const { slot, position } of rows) this.cache.append(slot, position, outputs);
    const logits = outputs.logits as Float32Array;
    const size = config.vocab_size;
    return rows.map(({ slot }) => logits.subarray(slot * size, (slot + 1) * size));
  }

  async release(): Promise<void> {
    await this.decodeSessions.release();
    await this.prefillSessions.release();
  }

  /** Puts the adapter into its slot; the slots of all sequences are widened when its rank is larger than any before. */
  private place(slot: number, adapter: PreparedAdapter | null): void {
    this.adapters[slot] = adapter;
    if (adapter && adapter.rank > this.adapterSlots.rank) {
      const rank = Math.max(8, 2 ** Math.ceil(Math.log2(adapter.rank)));
      this.adapterSlots = new AdapterSlots(this.model.config, this.options.slots, rank);
      for (const [other, placed] of this.adapters.entries()) this.adapterSlots.fill(other, placed);
    } else {
      this.adapterSlots.fill(slot, adapter);
    }
  }

  private positionFeeds(batch: number, rows: readonly { slot: number; id: number; position: number }[]) {
    const width = headSize(this.model.config);
    const ids = new Int32Array(batch);
    const cos = new Float32Array(batch * width);
    const signedSin = new Float32Array(batch * width);
    for (const { slot, id, position } of rows) {
      ids[slot] = id;
      cos.set(this.angles.cos.subarray(position * width, (position + 1) * width), slot * width);
      signedSin.set(this.angles.signedSin.subarray(position * width, (position + 1) * width), slot * width);
    }
    return { ids, cos, signedSin };
  }
}

function batchSizes(slots: number, isLarge: boolean): number[] {
  const sizes = isLarge ? [1] : Array.from({ length: Math.ceil(Math.log2(slots)) }, (_, i) => 2 ** i);
  return [...new Set([...sizes, slots])];
}
