import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { BuiltGraph, TensorType } from '../graph/builder.ts';

export type SessionOptions = {
  /** Intra-op threads: at most the cores that are free. */
  threads: number;
};

export type TensorData = Float32Array | Int32Array | BigInt64Array;
/** A Uint8Array of 0 and 1 is fed to an input of type bool. */
export type Feeds = Readonly<Record<string, TensorData | Uint8Array>>;

/** The runtime refused the graph or failed while it ran it. `cause` holds its own message. */
export class RuntimeError extends Error {
  readonly code = 'engine_runtime';
  override readonly name = 'RuntimeError';
}

/**
 * A compiled graph with one preallocated array per output.
 *
 * `run` blocks the thread's event loop for the whole computation (onnxruntime-node computes synchronously behind its
 * promise), so training and serving call it from a worker thread.
 */
export class OrtSession {
  /** Overwritten by every `run`; copy what has to outlive the next one. */
  readonly outputs: Readonly<Record<string, TensorData>>;
  private readonly session: InferenceSession;
  readonly inputs: BuiltGraph['inputs'];
  private readonly fetches: Record<string, Tensor>;

  private constructor(session: InferenceSession, graph: BuiltGraph) {
    this.session = session;
    this.inputs = graph.inputs;
    this.outputs = Object.fromEntries(Object.entries(graph.outputs).map(([name, type]) => [name, allocate(type)]));
    this.fetches = Object.fromEntries(
      Object.entries(this.outputs).map(([name, data]) => [name, toTensor(data, graph.outputs[name]!)]),
    );
  }

  /** @throws RuntimeError if the runtime rejects the graph */
  static async create(graph: BuiltGraph, { threads }: SessionOptions): Promise<OrtSession> {
    try {
      const session = await InferenceSession.create(graph.bytes, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'extended',
        executionProviders: ['cpu'],
        // Threads that spin while they wait take the cores from the machine's other work (docs/engine-log.md).
        extra: { session: { intra_op: { allow_spinning: '0' } } },
        logSeverityLevel: 4, // Errors reach the caller as RuntimeError with the cause; the log would only repeat them.
      });
      return new OrtSession(session, graph);
    } catch (cause) {
      throw new RuntimeError('The model graph could not be compiled.', { cause });
    }
  }

  /**
   * Runs the graph on `feeds` and returns `outputs`.
   * Feed arrays are wrapped, not copied, and must not be backed by a SharedArrayBuffer.
   *
   * @param into arrays to write single outputs to in place of the session's own, e.g. for ping-pong optimiser state
   * @throws RuntimeError if an input is missing, of a wrong size, or the computation fails
   */
  async run<N extends string = string>(
    feeds: Feeds,
    into: Readonly<Record<string, Float32Array>> = {},
  ): Promise<Record<N, TensorData>> {
    const tensors: Record<string, Tensor> = {};
    for (const [name, type] of Object.entries(this.inputs)) {
      const data = feeds[name];
      if (!data) throw new RuntimeError(`The input ${name} was not given.`);
      tensors[name] = toTensor(data, type);
    }
    const fetches = { ...this.fetches };
    for (const [name, data] of Object.entries(into)) {
      fetches[name] = new Tensor('float32', data, this.fetches[name]!.dims);
    }
    try {
      await this.session.run(tensors, fetches);
    } catch (cause) {
      throw new RuntimeError('The model graph failed while it ran.', { cause });
    }
    return { ...this.outputs, ...into } as Record<N, TensorData>;
  }

  /** Frees the native memory. The session must not be used afterwards. */
  async release(): Promise<void> {
    await this.session.release();
  }
}

function allocate({ dtype, shape }: TensorType): TensorData {
  const size = shape.reduce((product, dim) => product * dim, 1);
  if (dtype === 'f32') return new Float32Array(size);
  if (dtype === 'i32') return new Int32Array(size);
  if (dtype === 'i64') return new BigInt64Array(size);
  throw new RuntimeError(`Outputs of type ${dtype} are not supported.`);
}

function toTensor(data: TensorData | Uint8Array, { dtype, shape }: TensorType): Tensor {
  if (dtype === 'f32' && data instanceof Float32Array) return new Tensor('float32', data, shape);
  if (dtype === 'i32' && data instanceof Int32Array) return new Tensor('int32', data, shape);
  if (dtype === 'bool' && data instanceof Uint8Array) return new Tensor('bool', data, shape);
  if (dtype === 'i64' && data instanceof BigInt64Array) return new Tensor('int64', data, shape);
  throw new RuntimeError(`An array of ${data.constructor.name} was given for an input of type ${dtype}.`);
}
