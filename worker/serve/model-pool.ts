import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { EmbeddingEngine } from '#lib/engine/embedding/embedding-engine.ts';
import { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';
import { FleetBackend } from '#lib/engine/serving/openai-compatible/fleet-backend.ts';
import type { ServingBackend } from '#lib/engine/serving/types.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import type { ServeFleet } from '#lib/platform/serve-fleets.ts';

export type OpenModel = {
  backend: ServingBackend;
  tokenizer: Tokenizer;
  /** The GPU servers behind it; null where this machine's CPU answers. */
  fleet: ServeFleet | null;
  /** Answers that it takes at the same time, waiting ones included, and those that it has. */
  capacity: number;
  running: number;
};
export type ModelPoolOptions = {
  modelsDir: string;
  fleets: Readonly<Record<string, ServeFleet>>;
  threads: number;
  maxSlots: number;
  maxQueued: number;
  adapterCacheBytes: number;
};

/** One backend for each base model that is asked for; all adapters of a base share it. */
export class ModelPool {
  private readonly options: ModelPoolOptions;
  private readonly open = new Map<string, Promise<OpenModel>>();
  private readonly embedders = new Map<string, EmbeddingEngine>();

  constructor(options: ModelPoolOptions) {
    this.options = options;
  }

  /** Opens the base model on first use. A failed opening is tried again by the next caller. */
  get(baseModel: string): Promise<OpenModel> {
    let model = this.open.get(baseModel);
    if (!model) {
      model = this.load(baseModel);
      this.open.set(baseModel, model);
      model.catch(() => this.open.delete(baseModel));
    }
    return model;
  }

  /** What makes vectors with the base: a thread of its own, with a copy of the weights, from the first use on. */
  embedder(baseModel: string): EmbeddingEngine {
    const known = this.embedders.get(baseModel);
    if (known?.isOpen) return known;
    const modelDir = join(resolve(this.options.modelsDir), baseModel);
    const engine = new EmbeddingEngine({ modelDir, threads: this.options.threads });
    this.embedders.set(baseModel, engine);
    return engine;
  }

  /** Where the base's adapters are served, without opening it. */
  fleetOf(baseModel: string): ServeFleet | null {
    return Object.hasOwn(this.options.fleets, baseModel) ? this.options.fleets[baseModel]! : null;
  }

  /** Drops an engine whose thread ended; the next request opens a new one. */
  forget(baseModel: string): void {
    this.open.delete(baseModel);
  }

  /** Opened base models. */
  async list(): Promise<{ baseModel: string; model: OpenModel }[]> {
    const settled = await Promise.allSettled(
      [...this.open].map(async ([baseModel, model]) => ({ baseModel, model: await model })),
    );
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  /** Asks each opened backend; one whose engine has ended is forgotten, and no reason to tell nothing of the others. */
  async ask<T>(read: (model: OpenModel) => Promise<T>): Promise<{ baseModel: string; value: T; model: OpenModel }[]> {
    const answers = (await this.list()).map(async ({ baseModel, model }) => {
      try {
        return [{ baseModel, model, value: await read(model) }];
      } catch (error) {
        if ((error as { code?: unknown }).code !== 'engine_stopped') throw error;
        this.forget(baseModel);
        return [];
      }
    });
    return (await Promise.all(answers)).flat();
  }

  async close(): Promise<void> {
    for (const engine of this.embedders.values()) await engine.close();
    for (const { model } of await this.list()) await model.backend.close();
  }

  private async load(baseModel: string): Promise<OpenModel> {
    const { modelsDir, fleets: _, ...engineOptions } = this.options;
    const modelDir = join(resolve(modelsDir), baseModel);
    const fleet = this.fleetOf(baseModel);
    const [tokenizer, backend] = await Promise.all([
      Tokenizer.load(modelDir),
      fleet ? openFleet(modelDir, fleet) : GenerationEngine.open({ modelDir, ...engineOptions }),
    ]);
    const { maxSlots, maxQueued } = engineOptions;
    const capacity = fleet ? fleet.urls.length * (fleet.maxInFlight ?? 64) : maxSlots + maxQueued;
    return { backend, tokenizer, fleet, capacity, running: 0 };
  }
}

async function openFleet(modelDir: string, { storePath: _, ...fleet }: ServeFleet): Promise<ServingBackend> {
  const config = JSON.parse(await readFile(join(modelDir, 'config.json'), 'utf8')) as {
    max_position_embeddings: number;
  };
  return FleetBackend.open({ modelDir, contextTokens: config.max_position_embeddings, ...fleet });
}
