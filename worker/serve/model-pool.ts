import { join, resolve } from 'node:path';
import { GenerationEngine } from '#lib/engine/serving/generation-engine.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';

export type OpenModel = { engine: GenerationEngine; tokenizer: Tokenizer };
export type ModelPoolOptions = { modelsDir: string; threads: number; maxSlots: number; adapterCacheBytes: number };

/** One engine for each base model that is asked for; all adapters of a base share it. */
export class ModelPool {
  private readonly options: ModelPoolOptions;
  private readonly open = new Map<string, Promise<OpenModel>>();

  constructor(options: ModelPoolOptions) {
    this.options = options;
  }

  /** Opens the base model's folder on first use. A failed opening is tried again by the next caller. */
  get(baseModel: string): Promise<OpenModel> {
    let model = this.open.get(baseModel);
    if (!model) {
      model = this.load(baseModel);
      this.open.set(baseModel, model);
      model.catch(() => this.open.delete(baseModel));
    }
    return model;
  }

  /** Drops an engine whose thread ended; the next request opens a new one. */
  forget(baseModel: string): void {
    this.open.delete(baseModel);
  }

  /** Opened base models with their adapters in memory. */
  async list(): Promise<{ baseModel: string; model: OpenModel }[]> {
    const settled = await Promise.allSettled(
      [...this.open].map(async ([baseModel, model]) => ({ baseModel, model: await model })),
    );
    return settled.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  }

  async close(): Promise<void> {
    for (const { model } of await this.list()) await model.engine.close();
  }

  private async load(baseModel: string): Promise<OpenModel> {
    const { modelsDir, ...engineOptions } = this.options;
    const modelDir = join(resolve(modelsDir), baseModel);
    const [tokenizer, engine] = await Promise.all([
      Tokenizer.load(modelDir),
      GenerationEngine.open({ modelDir, ...engineOptions }),
    ]);
    return { engine, tokenizer };
  }
}
