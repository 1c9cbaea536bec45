import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTinyAdapter } from '../io/test-support/tiny-adapter.ts';
import { createTinyModel } from '../io/test-support/tiny-model.ts';
import { EmbeddingEngine } from './embedding-engine.ts';

const dir = mkdtempSync(join(tmpdir(), 'openledger-embed-'));
const adapterDir = join(dir, 'adapter');
let engine: EmbeddingEngine;
const one = async (text: number[], adapter: string | null = adapterDir) =>
  (await engine.embed({ adapterDir: adapter, texts: [text] }))[0]!;
const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - b[i]!));

beforeAll(async () => {
  const modelDir = await createTinyModel(join(dir, 'model'));
  await createTinyAdapter(adapterDir, 'a');
  engine = new EmbeddingEngine({ modelDir, threads: 1 });
});
afterAll(async () => {
  await engine.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('EmbeddingEngine', () => {
  it('gives each text a vector of length 1 that no other text of the request moves', async () => {
    const texts = [[5, 6, 7], [9], Array.from({ length: 40 }, (_, i) => i + 3), [5, 6, 8], [12, 13]];
    const together = await engine.embed({ adapterDir, texts });
    for (const [i, text] of texts.entries()) {
      expect(Math.hypot(...together[i]!)).toBeCloseTo(1, 5);
      expect(distance(together[i]!, await one(text))).toBeLessThan(1e-5);
    }
    expect(distance(together[0]!, together[3]!)).toBeGreaterThan(1e-3);
  });

  it('is the mean over tokens, of which each sees those before it alone', async () => {
    const [first, both] = [await one([5], null), await one([5, 6], null)];
    expect(distance(first, both)).toBeGreaterThan(1e-3);
    expect(distance(await one([6, 5], null), both)).toBeGreaterThan(1e-3);
  });

  it('differs by the adapter, and tells by its error an adapter that is not there', async () => {
    expect(distance(await one([5, 6, 7]), await one([5, 6, 7], null))).toBeGreaterThan(1e-4);
    await expect(one([5], join(dir, 'nowhere'))).rejects.toMatchObject({ code: expect.any(String) });
    const foreign = { adapterDir, baseSha256: 'f'.repeat(64), texts: [[5]] };
    await expect(engine.embed(foreign)).rejects.toMatchObject({ code: 'adapter_base_mismatch' });
    expect(engine.queued).toBe(0);
  });
});
