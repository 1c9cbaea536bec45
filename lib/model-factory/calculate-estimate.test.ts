import { describe, expect, it } from 'vitest';
import { adapterLayout } from '#lib/engine/lora/layout.ts';
import { parseLlamaConfig } from '#lib/engine/nn/config.ts';
import { adapterParameters, calculateEstimate, type EstimateBasis } from './calculate-estimate.ts';
import { recipePresets } from './recipes.ts';

const shape = { layers: 5, hidden: 160, intermediate: 432, heads: 4, keyValueHeads: 2, headDim: 40 };
const basis: EstimateBasis = {
  base: { name: 'nano', contextTokens: 256, shape },
  trainChars: Array.from({ length: 90 }, () => 367),
  heldOutRows: 10,
  countedTokens: null,
  charsPerToken: 3.67,
  tokensPerSecond: 500,
  speedFrom: 'default',
  overheadSeconds: 10,
};
const recipe = { ...recipePresets.quick, epochs: 2, batchSize: 8 };

describe('calculateEstimate', () => {
  it('counts tokens, steps and seconds', () => {
    // 90 rows of 100 + 6 tokens; 12 batches a pass, the last one short; 9,540 tokens twice at 500 a second, and 10 s.
    expect(calculateEstimate(basis, recipe)).toMatchObject({
      tokens: 9_540,
      steps: 24,
      seconds: 49,
      rowsCut: 0,
      notes: [],
    });
  });

  it('counts fewer steps when batches are added up or rows share lines', () => {
    // 12 batches a pass are 3 steps of four; 9,540 tokens are 38 lines of 256, in 5 batches.
    expect(calculateEstimate(basis, { ...recipe, accumulationSteps: 4 }).steps).toBe(6);
    expect(calculateEstimate(basis, { ...recipe, packing: true }).steps).toBe(10);
  });

  it('counts only what is read of rows over the limit, and says how many are cut', () => {
    const estimate = calculateEstimate(basis, { ...recipe, maxSeqLength: 64 });
    expect(estimate).toMatchObject({ tokens: 90 * 64, rowsCut: 90 });
    expect(estimate.notes).toEqual([
      'About 90 of 90 rows are longer than the limit; what stands after it is not learnt.',
    ]);
  });

  it('warns of few rows, few steps and a limit over the context', () => {
    const few = { ...basis, trainChars: basis.trainChars.slice(0, 18), heldOutRows: 2 };
    expect(calculateEstimate(few, { ...recipe, maxSeqLength: 512 }).notes).toEqual([
      'nano reads at most 256 tokens at once, so rows are cut there, not at 512.',
      'Only 2 rows are held out, so the measured gain is rough. More rows make it reliable.',
      '6 steps are few; the adapter may learn little. Choose more passes or a smaller batch.',
    ]);
  });

  it('knows as many adapter parameters as the engine lays out', () => {
    const config = parseLlamaConfig({
      architectures: ['LlamaForCausalLM'],
      model_type: 'llama',
      hidden_size: 160,
      num_hidden_layers: 5,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      intermediate_size: 432,
      vocab_size: 4096,
      rms_norm_eps: 1e-5,
      rope_theta: 10_000,
      tie_word_embeddings: true,
      max_position_embeddings: 256,
    });
    for (const lora of [
      recipe.lora,
      { ...recipe.lora, r: 3, targetModules: ['k_proj' as const, 'down_proj' as const] },
    ]) {
      expect(adapterParameters(shape, lora)).toBe(adapterLayout(config, lora).length);
    }
  });
});
