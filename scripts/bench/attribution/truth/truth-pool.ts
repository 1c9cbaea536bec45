import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { engineVersion } from '#lib/engine/train/engine-version.ts';
import type { Answer } from './answers.ts';
import type { Trained, Training, TruthSetting } from './retrain.ts';
import type { TruthJob, TruthWork } from './truth-worker.ts';

/** Changes when `retrain` computes something else from equal inputs. */
const truthVersion = 1;

export type Counted = { trained: number; cached: number };

/**
 * Trainings and evaluations of one setting in worker threads. A trained model is kept under the hash of all that decides it,
 * and so are the log probabilities that it gave to a set of answers.
 */
export class TruthPool {
  readonly counted: Counted = { trained: 0, cached: 0 };
  private readonly idle: Worker[] = [];
  private readonly workers: Worker[];
  private readonly waiting: (() => void)[] = [];
  private readonly folder: string;
  private readonly key: string;
  private next = 0;

  /** @param trainer base and prepared rows, of which the hashes keep models of other ones apart */
  constructor(
    setting: TruthSetting,
    { base, train }: { base: { sha256: string }; train: { sha256: string } },
    options: { threads: number; cacheDir: string },
  ) {
    const { recipe, datasetRoot } = setting;
    const owner = { baseSha256: base.sha256, trainSha256: train.sha256 };
    this.key = JSON.stringify([truthVersion, engineVersion, owner, { ...recipe, seed: 0 }, datasetRoot]);
    this.folder = join(options.cacheDir, 'truth');
    const entry = new URL('./truth-worker.ts', import.meta.url);
    this.workers = Array.from({ length: options.threads }, () => new Worker(entry, { workerData: setting }));
    this.idle.push(...this.workers);
  }

  /** The model of one training; from the cache where it has been trained before, also by another process just now. */
  train(training: Training): Promise<Trained> {
    const parts = [training.seed, training.checkpoints ?? 1, ...rowsOf(training)];
    const file = this.fileOf(parts, 'model');
    return this.withWorker(async (worker) => {
      const stored = await readFile(file).catch(() => null);
      this.counted[stored ? 'cached' : 'trained'] += 1;
      if (stored) return decodeTrained(stored);
      const trained = (await this.ask(worker, { kind: 'train', training })) as Trained;
      await this.store(file, encodeTrained(trained));
      return trained;
    });
  }

  /** log p of the answers under the model of each training, [trainings][answers]. */
  async evaluate(
    trainings: readonly Training[],
    answers: readonly Answer[],
    onDone: (done: number) => void = () => {},
  ): Promise<Float64Array[]> {
    const examples = answers.map(({ example }) => example);
    const said = createHash('sha256');
    for (const { ids, labels, mask } of examples) said.update(ids).update(labels).update(mask);
    const answersKey = said.digest('hex');
    let done = 0;
    return Promise.all(
      trainings.map(async (training) => {
        const parts = [training.seed, answersKey, ...rowsOf(training)];
        const file = this.fileOf(parts, 'logp');
        const stored = await readFile(file).catch(() => null);
        const values = stored
          ? new Float64Array(stored.buffer.slice(stored.byteOffset, stored.byteOffset + stored.byteLength))
          : await this.measure(training, examples, file);
        onDone(++done);
        return values;
      }),
    );
  }

  /** J_c of each contributor, [P], see `trainTangents`. */
  async tangents(seed: number, owners: readonly number[], contributors: number): Promise<Float32Array[]> {
    const file = this.fileOf(['tangents', seed, owners], 'tangents');
    const stored = await readFile(file).catch(() => null);
    if (stored) {
      const values = new Float32Array(stored.buffer.slice(stored.byteOffset, stored.byteOffset + stored.byteLength));
      const length = values.length / contributors;
      return Array.from({ length: contributors }, (_, i) => values.slice(i * length, (i + 1) * length));
    }
    const work: TruthWork = { kind: 'tangents', seed, owners, contributors };
    const tangents = (await this.withWorker((worker) => this.ask(worker, work))) as Float32Array[];
    await this.store(file, Buffer.concat(tangents.map((line) => new Uint8Array(line.buffer))));
    return tangents;
  }

  async close(): Promise<void> {
    for (const worker of this.workers) await worker.terminate();
  }

  private async measure(training: Training, examples: Answer['example'][], file: string): Promise<Float64Array> {
    const { theta } = await this.train(training);
    const work: TruthWork = { kind: 'evaluate', theta, examples };
    const values = (await this.withWorker((worker) => this.ask(worker, work))) as Float64Array;
    await this.store(file, Buffer.from(values.buffer, values.byteOffset, values.byteLength));
    return values;
  }

  private fileOf(parts: readonly unknown[], ending: string): string {
    const name = createHash('sha256')
      .update(JSON.stringify([this.key, ...parts]))
      .digest('hex')
      .slice(0, 32);
    return join(this.folder, name.slice(0, 2), `${name}.${ending}`);
  }

  private async store(file: string, bytes: Uint8Array): Promise<void> {
    await mkdir(join(file, '..'), { recursive: true });
    await writeFile(`${file}.${process.pid}`, bytes);
    await rename(`${file}.${process.pid}`, file);
  }

  private async withWorker<T>(use: (worker: Worker) => Promise<T>): Promise<T> {
    while (this.idle.length === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    const worker = this.idle.pop()!;
    try {
      return await use(worker);
    } finally {
      this.idle.push(worker);
      this.waiting.shift()?.();
    }
  }

  private ask(worker: Worker, work: TruthWork): Promise<unknown> {
    return answerOf(worker, { id: this.next++, work });
  }
}

/** Which rows, and how much each counts where they do not count alike. */
function rowsOf({ kept, weights }: Training): unknown[] {
  return [Buffer.from(kept).toString('base64'), ...(weights ? [weights] : [])];
}

function answerOf(worker: Worker, job: TruthJob): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: { id: number; result?: unknown; error?: string }): void => {
      worker.off('message', onMessage);
      worker.off('error', reject);
      if (message.error === undefined) resolve(message.result);
      else reject(new Error(message.error));
    };
    worker.on('message', onMessage);
    worker.on('error', reject);
    worker.postMessage(job);
  });
}

/** Float32 arrays one after the other: theta, v, then each checkpoint's learning rate and theta. */
function encodeTrained({ theta, v, checkpoints }: Trained): Buffer {
  const arrays = [
    theta,
    v,
    ...checkpoints.flatMap(({ theta: at, learningRate }) => [Float32Array.of(learningRate), at]),
  ];
  const counts = Uint32Array.of(theta.length, checkpoints.length);
  return Buffer.concat(
    [counts, ...arrays].map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
  );
}

function decodeTrained(bytes: Buffer): Trained {
  const [length, count] = new Uint32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 8)) as unknown as [
    number,
    number,
  ];
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset + 8, bytes.byteOffset + bytes.byteLength));
  const take = (from: number): Float32Array => values.slice(from, from + length);
  const checkpoints = Array.from({ length: count }, (_, i) => {
    const at = 2 * length + i * (length + 1);
    return { learningRate: values[at]!, theta: take(at + 1) };
  });
  return { theta: take(0), v: take(length), checkpoints };
}
