import { basename } from 'node:path';
import { type LinearModule, linearPath } from '../../nn/weights.ts';
import { Tokenizer } from '../../tokenizer/tokenizer.ts';
import type { ModelTensors } from '../model-tensors.ts';
import { architectureMetadata, ggufArchitecture, isRotaryPermuted, rotaryFactors } from './architecture-metadata.ts';
import type { GgufValue } from './gguf-value.ts';
import { permuteRotaryRows } from './permute-rotary-rows.ts';
import { readTokenizerFile } from './read-tokenizer-file.ts';
import { ggufTensorName } from './tensor-names.ts';
import { tokenizerMetadata } from './tokenizer-metadata.ts';
import { type GgufDtype, type GgufTensor, writeGguf } from './write-gguf.ts';

export type ExportModelGgufInput = {
  /** Weights of the base, or of base and adapter in one (`mergedTensors`). */
  tensors: ModelTensors;
  /** Folder that the tokenizer is read from. */
  modelDir: string;
  outFile: string;
  /** F16 halves the file; it is exact if the checkpoint is F16. Norms, biases and rotary factors stay F32. */
  dtype: GgufDtype;
};

/**
 * Writes a model as one GGUF file for llama.cpp, Ollama and what builds on them.
 *
 * @throws TokenizerError; GgufExportError if the tokenizer has no counterpart, or a weight does not fit F16
 */
export async function exportModelGguf({ tensors, modelDir, outFile, dtype }: ExportModelGgufInput): Promise<void> {
  const { config } = tensors;
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', { type: 'string', value: ggufArchitecture(config) }],
    ['general.type', { type: 'string', value: 'model' }],
    ['general.name', { type: 'string', value: basename(modelDir) }],
    ['general.file_type', { type: 'u32', value: dtype === 'F16' ? 1 : 0 }],
    ...architectureMetadata(config),
    ...tokenizerMetadata(await readTokenizerFile(modelDir), await Tokenizer.load(modelDir), config),
  ]);
  const rotated = isRotaryPermuted(config) ? rotatedTensors(tensors) : new Set<string>();
  const list = tensors.specs.map((spec): GgufTensor => {
    const shape = spec.shape;
    return {
      name: ggufTensorName(spec.name),
      shape,
      dtype: shape.length === 1 ? 'F32' : dtype,
      async load() {
        const { data } = await tensors.read(spec.name);
        return rotated.has(spec.name) ? permuteRotaryRows(data, config.head_dim, shape[1] ?? 1) : data;
      },
    };
  });
  const factors = rotaryFactors(config);
  if (factors)
    list.push({ name: 'rope_freqs.weight', shape: [factors.length], dtype: 'F32', load: async () => factors });
  await writeGguf(outFile, metadata, list);
}

/** Names of the weights and biases of all query and key projections. */
function rotatedTensors({ config }: ModelTensors): Set<string> {
  const modules: LinearModule[] = ['q_proj', 'k_proj'];
  const names = Array.from({ length: config.num_hidden_layers }, (_, layer) =>
    modules.flatMap((module) => ['weight', 'bias'].map((kind) => `${linearPath(layer, module)}.${kind}`)),
  );
  return new Set(names.flat());
}
