import { Tensor } from 'onnxruntime-node';
import { checkModelDir, type ModelDir } from '../io/model-dir.ts';
import { InPlaceSession } from '../runtime/in-place-session.ts';
import { AdapterSlots, type PreparedAdapter } from './adapter-slots.ts';
import { decoderGraph } from './decoder-graph.ts';
import { FusedLayout } from './fused-layout.ts';
import { KeyValueCache } from './kv-cache.ts';
import { type WeightsFile, writeWeightsFile } from './weights-file.ts';

export type BatchRunnerOptions = {
  slots: number;
  contextTokens: number;
  threads: number;
  /** Left out: by the size of the model. */
  chunkTokens?: number;
};

/** Of keys and values; pages that no sequence has reached take no memory. */
const keptBytes = 2 ** 28;

/** Scores of the next token [V] with log(sum(exp)) over them. Valid until the runner's next call. */
export type Prediction = { logits: Float32Array; logSumExp: number };

/**
 * Runs prompts and decoding steps on slots. A slot is a cache row plus a place for an adapter. Decoding takes the slots
 * from 0 on without gaps; `move` closes one.
 */
export class BatchRunner {
  readonly model: ModelDir;
  readonly options: BatchRunnerOptions;
  readonly weightsBytes: number;
  readonly cache: KeyValueCache;
  readonly adapterSlots: AdapterSlots;
  /** Tokens of a prompt that are computed in one run; the same whatever the load, so that results never depend on it. */
  readonly chunkTokens: number;
  private readonly weights: WeightsFile;
  private readonly logits: Float32Array;
  private readonly firstLogprob: Float32Array;
  private session: InPlaceSession | null = null;
  private compiledGroups = 0;
  /** Slots that hold a sequence, counted from 0. */
  private used = 0;

  /** @throws ModelDirError and RuntimeError */
  static async open(modelDir: string, options: (model: ModelDir) => BatchRunnerOptions): Promise<BatchRunner> {
    const model = await checkModelDir(modelDir);
    const runner = new BatchRunner(model, options(model), await writeWeightsFile(modelDir, model));
    try {
      await runner.prepare();
      return runner;
    } catch (error) {
      await runner.release();
      throw error;
    }
  }

  private constructor(model: ModelDir, options: BatchRunnerOptions, weights: WeightsFile) {
    const { config } = model;
    const { slots, contextTokens } = options;
    const layout = new FusedLayout(config);
    this.model = model;
    this.options = options;
    this.weights = weights;
    this.weightsBytes = weights.sizeBytes;
    this.chunkTokens = options.chunkTokens ?? chunkTokens(model.parameterCount);
    this.adapterSlots = new AdapterSlots(layout, slots);
    const [layers, heads] = [config.num_hidden_layers, config.num_key_value_heads];
    this.cache = new KeyValueCache({ layers, heads, headSize: layout.headSize, slots, contextTokens, keptBytes });
    this.logits = new Float32Array(slots * config.vocab_size);
    this.firstLogprob = new Float32Array(slots);
  }

  /** Makes room for adapters like this one, before the first of them comes. Takes effect at `prepare`. */
  expect(adapter: PreparedAdapter): void {
    this.adapterSlots.reserve(adapter);
  }

  /** Compiles what the next run needs, so that no answer has to wait for it. */
  async prepare(): Promise<void> {
    await this.compiled();
  }

  /** Puts an adapter (null: the bare base) into a slot that a new sequence is about to use. */
  place(slot: number, adapter: PreparedAdapter | null): void {
    this.adapterSlots.fill(slot, adapter);
  }

  /**
   * Runs the next `ids` of the sequence in `slot`, of which `position` are cached, and predicts what follows them.
   *
   * A prompt is fed in pieces of `chunkTokens`, so that others can decode in between.
   */
  async feed(slot: number, ids: readonly number[], position: number): Promise<Prediction> {
    this.used = Math.max(this.used, slot + 1);
    this.cache.reserve(position + ids.length, this.used);
    await this.run(slot, 1, Int32Array.from(ids), Int32Array.of(position + ids.length - 1));
    return this.prediction(0);
  }

  /** Feeds one token to each of the slots 0, 1, ..., in one batch. Returns a prediction for each. */
  async decode(rows: readonly { id: number; position: number }[]): Promise<Prediction[]> {
    const positions = Int32Array.from(rows, (row) => row.position);
    this.cache.reserve(Math.max(...positions) + 1, this.used);
    const ids = Int32Array.from(rows, (row) => row.id);
    await this.run(0, rows.length, ids, positions);
    return rows.map((_, i) => this.prediction(i));
  }

  /** Moves a sequence of `length` cached positions, with its adapter, to a free slot. */
  move(from: number, to: number, length: number): void {
    this.cache.move(from, to, length);
    this.adapterSlots.move(from, to);
  }

  /** Says that the slots from `count` on are free. Without any sequence, the cache's memory is given back. */
  trim(count: number): void {
    this.used = count;
    if (count === 0) this.cache.clear();
  }

  async release(): Promise<void> {
    await this.session?.release();
    await this.weights.remove();
  }

  private async run(slot: number, batch: number, ids: Int32Array, lengths: Int32Array): Promise<void> {
    const session = await this.compiled();
    const { feeds, outputs } = this.cache.view(slot, batch);
    const size = this.model.config.vocab_size;
    await session.run(
      {
        ids: new Tensor('int32', ids, [batch, ids.length / batch]),
        lengths: new Tensor('int32', lengths, [batch]),
        longest: new Tensor('int32', Int32Array.of(Math.max(...lengths) + 1), []),
        ...feeds,
        ...this.adapterSlots.view(slot, batch),
      },
      {
        ...outputs,
        logits: new Tensor('float32', this.logits.subarray(0, batch * size), [batch, size]),
        firstLogprob: new Tensor('float32', this.firstLogprob.subarray(0, batch), [batch, 1]),
      },
    );
  }

  /** Compiled anew when adapters need a group that no one has needed before: at most four times in the engine's life. */
  private async compiled(): Promise<InPlaceSession> {
    const adapted = this.adapterSlots.groups;
    if (this.session && adapted.size === this.compiledGroups) return this.session;
    // The old one first: two at once would hold the weights twice.
    await this.session?.release();
    const { tensors, dir: weightsDir } = this.weights;
    const { contextTokens, threads } = this.options;
    const graph = decoderGraph({ config: this.model.config, weights: tensors, contextTokens, adapted });
    this.session = await InPlaceSession.create(graph, { threads, weightsDir });
    this.compiledGroups = adapted.size;
    return this.session;
  }

  private prediction(row: number): Prediction {
    const size = this.model.config.vocab_size;
    const logits = this.logits.subarray(row * size, (row + 1) * size);
    return { logits, logSumExp: logits[0]! - this.firstLogprob[row]! };
  }
}

/** About 4e9 multiplications: long enough to be efficient, short enough (0.1 s) for those who decode in between. */
function chunkTokens(parameterCount: number): number {
  return Math.min(256, Math.max(16, 2 ** Math.floor(Math.log2(4.5e9 / parameterCount))));
}
