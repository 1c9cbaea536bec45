import type { LinearModule } from '../../nn/weights.ts';

const linearNames: Readonly<Record<LinearModule, string>> = {
  q_proj: 'attn_q',
  k_proj: 'attn_k',
  v_proj: 'attn_v',
  o_proj: 'attn_output',
  gate_proj: 'ffn_gate',
  up_proj: 'ffn_up',
  down_proj: 'ffn_down',
};

const otherNames: Readonly<Record<string, string>> = {
  'model.embed_tokens.weight': 'token_embd.weight',
  'model.norm.weight': 'output_norm.weight',
  'lm_head.weight': 'output.weight',
};

const layerPattern = /^model\.layers\.(\d+)\.(?:(?:self_attn|mlp)\.(\w+)|(\w+))\.(weight|bias)$/;

/** `blk.3.attn_q` and so on: llama.cpp's name of a linear layer, without `.weight`. */
export function ggufLinearName(layer: number, module: LinearModule): string {
  return `blk.${layer}.${linearNames[module]}`;
}

/** llama.cpp's name of a checkpoint tensor. @throws Error for a name that `weightSpecs` does not give */
export function ggufTensorName(name: string): string {
  const [, layer, module, norm, kind] = layerPattern.exec(name) ?? [];
  const inLayer = norm ? normNames[norm] : linearNames[module as LinearModule];
  const found = layer !== undefined && inLayer ? `blk.${layer}.${inLayer}.${kind}` : otherNames[name];
  if (!found) throw new Error(`GGUF has no name for the tensor ${name}.`);
  return found;
}

const normNames: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm',
  post_attention_layernorm: 'ffn_norm',
};
