import { eq } from 'drizzle-orm';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples } from '#db/schema/datanets.ts';
import { adapterCopies, attributionSpans, inferences } from '#db/schema/models.ts';
import { spansHash } from '#lib/kernel/receipt.ts';
import { verifyReceipt } from '#lib/kernel/verify-receipt.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { attributeInference } from './attribute-inference.ts';
import { findReceipt } from './queries.ts';
import type { AnswerSpan, Attributor } from './types.ts';

let database: TestDatabase;
const operator = privateKeyToAccount(`0x${'1'.repeat(64)}`);
const deps = () => ({ db: database.db, operator, now: () => new Date(Date.UTC(2030, 0, 1)) });
const address = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const salt = `0x${'5'.repeat(64)}` as const;

/** Row 0 has all the influence; one stretch stands in rows 0 and 1, another in row 1. */
const scores = { method: 'given', queryCodesHash: 'q', indexSha256: 'i', cutScore: 0n };
const span = (startToken: number, exampleIds: string[]): AnswerSpan => ({
  ...{ startToken, endToken: startToken + 6, startChar: 4 * startToken, endChar: 4 * startToken + 20, exampleIds },
  ...{ millibits: 70_000, occurrences: exampleIds.length },
});
const spans = [span(0, ['ex_0', 'ex_1']), span(9, ['ex_1'])];
const attributor: Attributor = {
  score: async () => ({ ...scores, rows: [{ exampleId: 'ex_0', score: 9n }] }),
  findSpans: async () => ({ indexSha256: 'suffixes', spans }),
};

async function answer(id: string): Promise<void> {
  await database.db.insert(inferences).values({
    ...{
      id: `inf_${id}`,
      modelId: 'mdl_1',
      callerKey: 'visitor',
      idempotencyKey: id,
      status: 'completed',
      messages: [],
    },
    ...{ params: {}, output: 'said', promptIds: [1], completionIds: [1, 2], ceilingWei: 0n, feeWei: 0n, salt },
    ...{ attributionStatus: 'queued', heartbeatAt: deps().now(), createdAt: deps().now() },
  });
}
const issued = async (id: string) => {
  const receipt = await findReceipt(database.db, `rcp_${id}`);
  if (receipt?.state !== 'issued') throw new Error('no receipt');
  return receipt;
};

beforeAll(async () => {
  database = await createTestDatabase();
  const split = { data: 7_000, model: 1_000, app: 500, infra: 1_000, validators: 500 };
  const contributors = [1, 2, 3, 4, 5, 6, 7].map(address);
  const people = { owner: address(9), curator: address(9), contributors };
  await seedModel({ database, deps: deps() }, { ...people, split, inputWei: 1n, outputWei: 1n });
  await database.db.update(examples).set({ data: { text: 'the words of a row' } });
  const copies = ['ex_2', 'ex_3', 'ex_4', 'ex_5'].map((exampleId) => ({
    exampleId,
    copyOf: 'ex_0',
    kind: 'near' as const,
  }));
  await database.db.insert(adapterCopies).values(copies.map((copy) => ({ adapterId: 'ad_1', ...copy })));
});
afterAll(() => database.close());

describe('attributeInference', () => {
  it('keeps verbatim matches beside the shares: signed as a salted hash, without a say in who is paid', async () => {
    await answer('a');
    await attributeInference(deps(), attributor, 'inf_a');
    await attributeInference(deps(), attributor, 'inf_a'); // the job may run twice
    const { body, hash, signature, matches } = await issued('a');
    expect(body.attribution.shares).toEqual([{ contributor: address(1), sharePpm: 1_000_000 }]);
    expect(body.attribution.spans).toEqual({ indexSha256: 'suffixes', count: 2, hash: spansHash(salt, spans) });
    expect((await verifyReceipt(body, hash, signature)).every(({ ok }) => ok)).toBe(true);
    expect(matches).toEqual([
      { exampleId: 'ex_1', contributor: address(2), spans: 2 },
      { exampleId: 'ex_0', contributor: address(1), spans: 1 },
    ]);
    const stored = await database.db.select().from(attributionSpans).where(eq(attributionSpans.inferenceId, 'inf_a'));
    expect(stored.map(({ inferenceId: _, rank: __, ...kept }) => kept)).toEqual(spans);
    // Places and words would quote the answer, which the receipt keeps secret.
    expect(JSON.stringify([body, matches])).not.toMatch(/startToken|startChar|said/);
  });

  it('says nothing of matches for an adapter without a suffix index', async () => {
    await answer('b');
    await attributeInference(deps(), { ...attributor, findSpans: async () => null }, 'inf_b');
    expect((await issued('b')).body.attribution).not.toHaveProperty('spans');
    expect((await issued('b')).matches).toEqual([]);
  });

  it('names the copies of a row that earns, and shows no text of a withdrawn row', async () => {
    await database.db.update(examples).set({ status: 'withdrawn' }).where(eq(examples.id, 'ex_1'));
    const { rows, copies } = await issued('a');
    expect(copies).toEqual({
      ex_0: {
        total: 4,
        first: [3, 4, 5].map((n) => ({ exampleId: `ex_${n - 1}`, contributor: address(n) })),
      },
    });
    expect(rows).toEqual({
      ex_0: { data: { text: 'the words of a row' }, datanetSlug: 'settled' },
      ex_1: { data: null, datanetSlug: 'settled' },
    });
  });
});
