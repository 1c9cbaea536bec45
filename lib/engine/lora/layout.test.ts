import { expect, test } from 'vitest';
import { tinyConfig } from '../nn/test-support/tiny-llama.ts';
import { checkLoraConfig, defaultLoraConfig, type LoraConfig, loraScale } from './config.ts';
import { adapterLayout, initializeAdapter, unpackAdapter } from './layout.ts';

const layout = adapterLayout(tinyConfig, {
  ...defaultLoraConfig,
  r: 2,
  targetModules: ['v_proj', 'q_proj', 'down_proj'],
});

test('entries are adjacent, in fixed order, with the shapes and names of PEFT', () => {
  let end = 0;
  for (const entry of layout.entries) {
    expect(entry.offset).toBe(end);
    end += entry.length;
  }
  expect(end).toBe(layout.length);
  expect(
    layout.entries.slice(0, 6).map(({ key, shape }) => [key.replace('base_model.model.model.layers.0.', ''), shape]),
  ).toEqual([
    ['self_attn.q_proj.lora_A.weight', [2, 16]],
    ['self_attn.q_proj.lora_B.weight', [16, 2]],
    ['self_attn.v_proj.lora_A.weight', [2, 16]],
    ['self_attn.v_proj.lora_B.weight', [8, 2]],
    ['mlp.down_proj.lora_A.weight', [2, 24]],
    ['mlp.down_proj.lora_B.weight', [16, 2]],
  ]);
});

test('a new adapter is silent, seeded, and is cut into PEFT tensors', () => {
  const theta = initializeAdapter(layout, '7');
  expect(initializeAdapter(layout, '7')).toEqual(theta);
  expect(initializeAdapter(layout, '8')).not.toEqual(theta);
  const tensors = unpackAdapter(layout, theta);
  for (const { key, part, shape, offset, length } of layout.entries) {
    expect(tensors[key]).toEqual({ shape, data: theta.slice(offset, offset + length) });
    const largest = Math.max(...tensors[key]!.data.map(Math.abs));
    if (part === 'B') expect(largest).toBe(0);
    else expect(largest).toBeLessThanOrEqual(1 / Math.sqrt(shape[1]));
  }
});

test.each<[Partial<LoraConfig>, string]>([
  [{ r: 0 }, 'rank r is 0'],
  [{ r: 1.5 }, 'rank r is 1.5'],
  [{ loraAlpha: 0 }, 'loraAlpha is 0'],
  [{ loraDropout: -0.1 }, 'from 0 to below 1'],
  [{ loraDropout: 1 }, 'from 0 to below 1'],
  [{ targetModules: [] }, 'empty'],
  [{ targetModules: ['x' as 'q_proj'] }, '"x" is unknown'],
  [{ targetModules: ['q_proj', 'q_proj'] }, 'twice'],
])('%o is refused', (change, message) => {
  expect(() => checkLoraConfig({ ...defaultLoraConfig, ...change })).toThrow(message);
});

test("rsLoRA's scale falls with the root of the rank, and dropout is allowed", () => {
  const lora: LoraConfig = { ...defaultLoraConfig, r: 16, loraAlpha: 8, loraDropout: 0.05 };
  expect(() => checkLoraConfig(lora)).not.toThrow();
  expect(loraScale(lora)).toBe(0.5);
  expect(loraScale({ ...lora, useRslora: true })).toBe(2);
});
