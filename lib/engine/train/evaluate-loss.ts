import type { AdapterLayout } from '../lora/layout.ts';
import { SessionCache } from '../runtime/session-cache.ts';
import type { BaseModel } from './base-model.ts';
import { batchFeeds, plainBatches } from './batches.ts';
import { lossGraph } from './graphs.ts';
import type { PreparedSet } from './prepare-examples.ts';

const evaluationBatch = 8;

/** Mean loss in nats per answer token of a prepared set, with or without an adapter. */
export class LossEvaluator {
  private readonly base: BaseModel;
  private readonly layout: AdapterLayout;
  private readonly set: PreparedSet;
  private readonly sessions: SessionCache;

  constructor(base: BaseModel, layout: AdapterLayout, set: PreparedSet, threads: number) {
    this.base = base;
    this.layout = layout;
    this.set = set;
    this.sessions = new SessionCache(6, { threads });
  }

  /** @param theta of the adapter; null: the base alone */
  async meanLoss(theta: Float32Array | null): Promise<number> {
    const { config, weights } = this.base;
    const { examples, lossTokens } = this.set;
    const lengths = examples.map(({ ids }) => ids.length);
    let sum = 0;
    for (const batch of plainBatches(lengths, evaluationBatch, config.max_position_embeddings)) {
      const shape = { batch: evaluationBatch, time: batch.time };
      const session = await this.sessions.get(`${batch.time}|${theta !== null}`, () =>
        lossGraph(config, theta && this.layout, shape),
      );
      const feeds = batchFeeds(examples, batch, evaluationBatch, 1);
      const { losses } = await session.run<'losses'>({ ...weights, ...feeds, ...(theta && { theta }) });
      for (const loss of losses as Float32Array) sum += loss;
    }
    return sum / lossTokens;
  }

  async release(): Promise<void> {
    await this.sessions.release();
  }
}
