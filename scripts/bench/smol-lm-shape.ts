/** config.json of SmolLM2-135M, as far as it decides the computation. */
export const smolLmShape = {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: 576,
  num_hidden_layers: 30,
  num_attention_heads: 9,
  num_key_value_heads: 3,
  intermediate_size: 1536,
  vocab_size: 49152,
  rms_norm_eps: 1e-5,
  rope_theta: 100_000,
  tie_word_embeddings: true,
  max_position_embeddings: 8192,
  bos_token_id: 0,
  eos_token_id: 0,
};
