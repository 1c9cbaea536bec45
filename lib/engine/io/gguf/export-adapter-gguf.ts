import { loraScale } from '../../lora/config.ts';
import type { LlamaConfig } from '../../nn/config.ts';
import type { LoadedAdapter } from '../peft.ts';
import { ggufArchitecture, isRotaryPermuted } from './architecture-metadata.ts';
import type { GgufValue } from './gguf-value.ts';
import { permuteRotaryRows } from './permute-rotary-rows.ts';
import { ggufLinearName } from './tensor-names.ts';
import { type GgufDtype, type GgufTensor, writeGguf } from './write-gguf.ts';

/**
 * Writes an adapter as GGUF, to be loaded beside the GGUF of its base (llama.cpp `--lora`, Ollama `ADAPTER`).
 *
 * llama.cpp computes alpha / rank itself and knows no rsLoRA, so `adapter.lora.alpha` is the alpha that makes its
 * quotient our scale.
 */
export async function exportAdapterGguf(
  { layout, theta, baseModelName }: LoadedAdapter,
  config: LlamaConfig,
  outFile: string,
  { dtype = 'F32' }: { dtype?: GgufDtype } = {},
): Promise<void> {
  const { lora, entries } = layout;
  const text = (value: string): GgufValue => ({ type: 'string', value });
  const metadata = new Map<string, GgufValue>([
    ['general.architecture', text(ggufArchitecture(config))],
    ['general.type', text('adapter')],
    ['general.file_type', { type: 'u32', value: dtype === 'F16' ? 1 : 0 }],
    ['adapter.type', text('lora')],
    ['adapter.lora.alpha', { type: 'f32', value: loraScale(lora) * lora.r }],
  ]);
  if (baseModelName !== null) metadata.set('general.base_model.0.name', text(baseModelName));
  const tensors = entries.map(({ layer, module, part, shape, offset, length }): GgufTensor => {
    const data = theta.subarray(offset, offset + length);
    const isRotated = part === 'B' && (module === 'q_proj' || module === 'k_proj') && isRotaryPermuted(config);
    return {
      name: `${ggufLinearName(layer, module)}.weight.lora_${part.toLowerCase()}`,
      shape,
      dtype,
      load: async () => (isRotated ? permuteRotaryRows(data, config.head_dim, shape[1]) : data),
    };
  });
  await writeGguf(outFile, metadata, tensors);
}
