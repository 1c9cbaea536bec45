import { architectures, type LlamaConfig } from '../nn/config.ts';
import { parameterCount } from '../nn/weights.ts';
import { examineModelDir } from './model-dir.ts';

/** What a model folder is, and why the engine would refuse it. */
export type ModelInspection = {
  /** Sentences that name what is not supported or broken; empty if the model trains and serves. */
  problems: string[];
  /** Sentences about what works otherwise than one may expect. */
  notes: string[];
  /** Null if config.json is refused. */
  config: LlamaConfig | null;
  /** Hugging Face's name; null if config.json is refused. */
  architecture: string | null;
  /** 0 if config.json is refused. */
  parameters: number;
  /** How the weights are stored: F32, F16, BF16, or several. */
  dtypes: string[];
  /** Bytes of all stored tensors. */
  weightBytes: number;
};

/**
 * Reads the configuration, the headers of the weight files and the tokenizer of a model folder, and says by name all
 * that keeps it from training or serving. No weights are read, so it is quick for checkpoints of any size.
 */
export async function inspectModel(modelDir: string): Promise<ModelInspection> {
  const { problems, config, tensors, tokenizer } = await examineModelDir(modelDir);
  const stored = [...(tensors?.values() ?? [])];
  const notes: string[] = [];
  if (tokenizer?.chatFormat === 'completion') {
    notes.push('It has no chat template: a question is followed by its answer as plain text.');
  }
  return {
    problems,
    notes,
    config,
    architecture: config && architectures[config.model_type],
    parameters: config ? parameterCount(config) : 0,
    dtypes: [...new Set(stored.map(({ dtype }) => dtype))].sort(),
    weightBytes: stored.reduce((sum, { begin, end }) => sum + end - begin, 0),
  };
}
