import { describe, expect, it } from 'vitest';
import { adapterLayout } from '#lib/engine/lora/layout.ts';
import { parseLlamaConfig } from '#lib/engine/nn/config.ts';
import { adapterParameters, calculateEstimate, type EstimateBasis } from './calculate-estimate.ts';
import { recipePresets } from './recipes.ts';
import type { TrainingCheck } from './types.ts';

const shape = { layers: 5, hidden: 160, intermediate: 432, heads: 4, keyValueHeads: 2, headDim: 40 };
const basis: EstimateBasis = {
  base: { name: 'nano', contextTokens: 256, shape },
  trainChars: Array.from({ length: 90 }, () => 367),
  heldOutRows: 10,
  countedTokens: null,
  charsPerToken: 3.67,
  check: null,
  gain: null,
  // Two seconds for each of the 10 measured rows: 40 s for the two measurements of 24 steps.
  speed: {
    tokensPerSecond: 500,
    setupSeconds: 10,
    secondsPerMeasuredRow: 2,
    indexSecondsPerToken: 0.001,
    from: 'default',
  },
};
const check: TrainingCheck = {
  trainRows: 90,
  heldOutRows: 10,
  rowsPerPass: 90,
  parts: [],
  copies: 0,
  countedRows: 90,
  tokens: 8_000,
  heldOutTokens: 900,
  longestTokens: 120,
  histogram: [],
  cutRows: 0,
  unusableRows: 0,
  overlapRows: 0,
  prompts: [],
  memoryBytes: 5e8,
  memoryFreeBytes: 2e9,
};
const recipe = { ...recipePresets.quick, epochs: 2, batchSize: 8 };

describe('calculateEstimate', () => {
  it('counts tokens, steps and seconds', () => {
    // 90 rows of 100 + 6 tokens; 12 batches a pass, the last one short; 9,540 tokens twice at 500 a second, 10 s before,
    // 40 s of measurements, 95.4 s for the ten gradients of each row in the index.
    expect(calculateEstimate(basis, recipe)).toMatchObject({
      tokens: 9_540,
      steps: 24,
      seconds: Math.ceil(38.16 + 10 + 40 + 95.4),
      notes: [],
      blocked: null,
    });
  });

  it('takes the trainer’s own count where there is one', () => {
    expect(calculateEstimate({ ...basis, check, trainChars: [] }, recipe)).toMatchObject({
      trainRows: 90,
      heldOutRows: 10,
      tokens: 8_000,
      tokensFrom: 'counted',
      steps: 24,
    });
  });

  it('blocks what would fail for a cause that is known before: no memory, nothing to learn', () => {
    const blocked = (change: Partial<TrainingCheck>) =>
      calculateEstimate({ ...basis, check: { ...check, ...change } }, recipe).blocked;
    expect(blocked({ memoryBytes: 9.1e9, memoryFreeBytes: 8e9 })).toMatch(
      'It will not fit: it needs 9.1 GB of memory, the server has 8.0 GB free.',
    );
    expect(blocked({ unusableRows: 90 })).toMatch('No row has an answer to learn from');
    expect(blocked({ unusableRows: 89 })).toBeNull();
  });

  it('warns of copies and of held-out questions that are trained on', () => {
    const { notes } = calculateEstimate({ ...basis, check: { ...check, copies: 3, overlapRows: 2 } }, recipe);
    expect(notes[0]).toMatch('3 rows copy older ones');
    expect(notes[1]).toMatch('2 of 10 held-out rows ask what a training row asks too');
  });

  it('counts fewer steps when batches are added up or rows share lines', () => {
    // 12 batches a pass are 3 steps of four; 9,540 tokens are 38 lines of 256, in 5 batches.
    expect(calculateEstimate(basis, { ...recipe, accumulationSteps: 4 }).steps).toBe(6);
    expect(calculateEstimate(basis, { ...recipe, packing: true }).steps).toBe(10);
  });

  it('counts only what is read of rows over the limit, and says how many are cut', () => {
    const estimate = calculateEstimate(basis, { ...recipe, maxSeqLength: 64 });
    expect(estimate).toMatchObject({ tokens: 90 * 64 });
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
