import { InferenceSession, type Tensor } from 'onnxruntime-node';
import type { OnnxNode, OnnxValueInfo } from '../onnx/encode.ts';
import { RuntimeError } from './ort-session.ts';

export type InPlaceSessionOptions = {
  /** Intra-op threads: at most the cores that are free. */
  threads: number;
  /** Folder of the weight files that the model's initialisers point into. */
  weightsDir: string;
};

/**
 * A compiled graph that leaves its results in the arrays that the caller gave, and nowhere else.
 *
 * onnxruntime-node 1.30 writes into preallocated outputs, but then copies every one of them once more into a result that
 * nobody reads (`OrtValueToNapiValue` in its inference_session_wrap.cc). For a key-value cache that is updated in place
 * this costs more than the computation: 5.0 ms in place of 0.7 ms a step for a model of 3.4 M parameters. The conversion
 * goes through the outputs in order and refuses sequences, so `barrier` puts an empty-handed one first: everything has
 * been computed and written by then, and the refusal is the sign of success. A binding that should learn to convert
 * sequences would only be slower.
 */
export class InPlaceSession {
  private readonly session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.session = session;
  }

  /** @param model must contain `barrier`. @throws RuntimeError if the runtime rejects it */
  static async create(model: Uint8Array, { threads, weightsDir }: InPlaceSessionOptions): Promise<InPlaceSession> {
    try {
      const session = await InferenceSession.create(model, {
        intraOpNumThreads: threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'extended',
        executionProviders: ['cpu'],
        extra: {
          session: { model_external_initializers_file_folder_path: weightsDir, intra_op: { allow_spinning: '0' } },
        },
        logSeverityLevel: 4,
      });
      if (session.outputNames[0] !== barrierName) throw new Error('The first output is not the barrier.');
      return new InPlaceSession(session);
    } catch (cause) {
      throw new RuntimeError('The model graph could not be compiled.', { cause });
    }
  }

  /**
   * Blocks the thread for the whole computation. A tensor may be input and output at once where the operator allows it.
   *
   * @throws RuntimeError if an input is missing, of a wrong size, or the computation fails
   */
  async run(feeds: Readonly<Record<string, Tensor>>, outputs: Readonly<Record<string, Tensor>>): Promise<void> {
    try {
      await this.session.run(feeds, { [barrierName]: null, ...outputs });
    } catch (cause) {
      if (cause instanceof Error && cause.message.includes('Non tensor type')) return;
      throw new RuntimeError('The model graph failed while it ran.', { cause });
    }
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}

const barrierName = 'barrier';

/** The node and first output of every graph for an `InPlaceSession`. `input` is any small int32 input of the graph. */
export function barrier(input: string): { node: OnnxNode; output: OnnxValueInfo } {
  return {
    node: { op: 'SequenceConstruct', inputs: [input], outputs: [barrierName], attributes: {} },
    output: { name: barrierName, dtype: 'i32', shape: [], isSequence: true },
  };
}
