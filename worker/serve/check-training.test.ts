import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { prepareExamples } from '#lib/engine/train/prepare-examples.ts';
import { toMessages } from '#lib/model-factory/rules.ts';
import {
  createFactory,
  type Factory,
  insertVersion,
  tinyBase,
  tinyRecipe,
} from '#lib/model-factory/test-support/factory-fixture.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { checkTraining } from './check-training.ts';

let database: TestDatabase;
let factory: Factory;
const owner = `0x${'a'.repeat(40)}`;

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
});
afterAll(async () => {
  await database.close();
  factory.remove();
});
const check = (key: string, change: Partial<typeof tinyRecipe> = {}) =>
  checkTraining(factory, { versionId: `dv_${key}`, baseModel: tinyBase, recipe: { ...tinyRecipe, ...change } });

describe('checkTraining', () => {
  it('counts rows and tokens as the trainer does, and shows them as the model reads them', async () => {
    const version = await insertVersion(factory, { key: 'plain', owner, rowCount: 40 });
    const found = await check('plain');
    expect(found).toMatchObject({
      trainRows: 36,
      heldOutRows: 4,
      copies: 0,
      countedRows: 36,
      cutRows: 0,
      overlapRows: 0,
    });
    expect(found.histogram.reduce((sum, { rows }) => sum + rows, 0)).toBe(36);
    expect(found.prompts).toHaveLength(5);
    expect(found.prompts[0]!.before).toContain('what colour is house');
    expect(found.prompts[0]!.answer).toMatch(/^house \d+ is red, said the old man\./);
    expect(found.memoryBytes).toBeGreaterThan(1e8);
    const tokenizer = await Tokenizer.load(join(factory.folder, 'models', tinyBase));
    const rows = version.rows.map(({ id, data }) => ({
      id,
      messages: toMessages(data, [{ name: 'prompt' }, { name: 'completion' }]),
    }));
    const trained = prepareExamples(
      tokenizer,
      rows,
      { maxSeqLength: tinyRecipe.maxSeqLength, lossOn: 'completion' },
      'all',
    );
    expect(found.tokens + found.heldOutTokens).toBe(trained.tokens);
  });

  it('names what is cut, what nothing is learnt of, copies, and held-out questions that are trained on', async () => {
    await insertVersion(factory, {
      ...{ key: 'marred', owner, rowCount: 60 },
      changeRows: (rows) =>
        rows.map((row, i) => ({
          ...row,
          data: {
            prompt: 'what is it?',
            completion: i < 4 ? 'it is the very same old red house.' : row.data.completion!,
          },
        })),
    });
    const found = await check('marred');
    expect(found.copies).toBe(3);
    expect(found.overlapRows).toBe(found.heldOutRows);
    const short = await check('marred', { maxSeqLength: 10 });
    expect(short.cutRows).toBe(short.trainRows);
    expect(short.tokens).toBeLessThan(found.tokens);
  });
});
