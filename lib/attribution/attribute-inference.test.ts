import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datanetAccess } from '#db/schema/access.ts';
import { adapterCertificates, type CertificateStatus } from '#db/schema/audits.ts';
import { examples } from '#db/schema/datanets.ts';
import { harmEntries } from '#db/schema/lineage.ts';
import { adapterCopies, attributionParts, attributionSpans, inferences } from '#db/schema/models.ts';
import { recordHarm } from '#lib/harm/record-harm.ts';
import { type ReceiptBody2, spansHash } from '#lib/kernel/receipt.ts';
import { verifyReceipt } from '#lib/kernel/verify-receipt.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { attributeInference } from './attribute-inference.ts';
import { getAnswerThreads } from './get-answer-threads.ts';
import { findReceipt } from './queries.ts';
import type { AnswerSpan, Attributor } from './types.ts';

let database: TestDatabase;
const operator = privateKeyToAccount(`0x${'1'.repeat(64)}`);
const storeDir = mkdtempSync(join(tmpdir(), 'openledger-attribution-'));
const store = fileObjectStore(storeDir);
const deps = () => ({ db: database.db, operator, store, now: () => new Date(Date.UTC(2030, 0, 1)) });
const address = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const salt = `0x${'5'.repeat(64)}` as const;

/** Row 0 has all the influence; one stretch stands in rows 0 and 1, another in row 1. */
const queryCodes = Uint8Array.of(1, 255, 3, 4, 5, 6);
const queryCodesHash = createHash('sha256').update(queryCodes).digest('hex');
const scores = {
  ...{ method: 'given', queryCodes, queryCodesHash, indexSha256: 'e'.repeat(64), indexRows: 3 },
  ...{ sigma: 10n, cutScore: 30n, positiveSum: 200n },
  rows: [{ exampleId: 'ex_0', score: 130n }],
  harmful: [{ exampleId: 'ex_1', score: -50n }],
};
const span = (startToken: number, exampleIds: string[]): AnswerSpan => ({
  ...{ startToken, endToken: startToken + 6, startChar: 4 * startToken, endChar: 4 * startToken + 20, exampleIds },
  ...{ millibits: 70_000, occurrences: exampleIds.length },
});
const spans = [span(0, ['ex_0', 'ex_1']), span(9, ['ex_1'])];
const attributor: Attributor = {
  score: async () => scores,
  findSpans: async () => ({ indexSha256: 'f'.repeat(64), spans }),
  valueRetrieval: () => Promise.reject(new Error('no row was read')),
  recordHarm,
};
const certify = (status: CertificateStatus, alphaPpm: number) =>
  database.db
    .insert(adapterCertificates)
    .values({ adapterId: 'ad_1', status, alphaPpm, sha256: `0x${'c'.repeat(64)}`, changedAt: deps().now() })
    .onConflictDoUpdate({ target: adapterCertificates.adapterId, set: { status, alphaPpm } });
/** A receipt of the answer, verified in all its steps. */
async function receiptOf(id: string): Promise<ReceiptBody2> {
  const { body, hash, signature } = await issued(id);
  expect((await verifyReceipt(body, hash, signature)).filter(({ ok }) => !ok)).toEqual([]);
  if (body.version !== 2) throw new Error('not of version 2');
  return body;
}

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
afterAll(async () => {
  await database.close();
  rmSync(storeDir, { recursive: true, force: true });
});

describe('attributeInference', () => {
  it('pays by name what is certified and stands out, by the roles of the row, and leaves the rest to the common pool', async () => {
    await certify('certified', 600_000);
    await answer('a');
    await attributeInference(deps(), attributor, 'inf_a');
    await attributeInference(deps(), attributor, 'inf_a'); // the job may run twice
    const { attribution } = await receiptOf('a');
    // 0.6 x (130 - 30) / 200 of everything, 95 % to who collected the row, 5 % to the curator.
    expect(attribution).toMatchObject({ basis: 'influence', explainedPpm: 300_000, commonPpm: 700_000 });
    expect(attribution.shares).toEqual([
      { account: address(1), sharePpm: 285_000, sigmas: 13_000 },
      { account: address(9), sharePpm: 15_000, sigmas: 13_000 },
    ]);
    const parts = await database.db.select().from(attributionParts).where(eq(attributionParts.inferenceId, 'inf_a'));
    expect(parts.map(({ exampleId, account, role, sharePpm }) => [exampleId, account, role, sharePpm])).toEqual([
      ['ex_0', address(1), 'collect', 285_000],
      ['ex_0', address(9), 'review', 15_000],
    ]);
    expect(await store.get(`sha256/${attribution.queryCodesHash}`)).toEqual(Buffer.from(queryCodes));
    const harm = await database.db.select().from(harmEntries);
    expect(harm).toEqual([{ inferenceId: 'inf_a', adapterId: 'ad_1', exampleId: 'ex_1', score: -50n }]);
  });

  it.each(['pending', 'refused', 'suspended'] as const)(
    'pays nobody by influence while the certificate is %s',
    async (status) => {
      await certify(status, 0);
      await answer(status);
      await attributeInference(deps(), attributor, `inf_${status}`);
      const { attribution } = await receiptOf(status);
      expect(attribution).toMatchObject({ basis: 'flat', explainedPpm: 0, shares: [], commonPpm: 1_000_000 });
      expect(attribution.rows.map(({ exampleId, sharePpm }) => [exampleId, sharePpm])).toEqual([['ex_0', 0]]);
    },
  );

  it('says that there is no confident source, and leaves everything to the common pool', async () => {
    await certify('certified', 600_000);
    await answer('none');
    await attributeInference(deps(), { ...attributor, score: async () => ({ ...scores, rows: [] }) }, 'inf_none');
    const { attribution } = await receiptOf('none');
    expect(attribution).toMatchObject({ basis: 'influence', rows: [], shares: [], commonPpm: 1_000_000 });
  });

  it('refuses rows that are not of the version', async () => {
    await answer('other');
    const rows = [{ exampleId: 'ex_of_another', score: 130n }];
    const foreign = { ...attributor, score: async () => ({ ...scores, rows }) };
    await expect(attributeInference(deps(), foreign, 'inf_other')).rejects.toMatchObject({
      code: 'attribution_index_mismatch',
    });
  });

  it('keeps verbatim matches beside the shares: signed as a salted hash, without a say in who is paid', async () => {
    const body = await receiptOf('a');
    expect(body.attribution.spans).toEqual({ indexSha256: 'f'.repeat(64), count: 2, hash: spansHash(salt, spans) });
    const { matches } = await issued('a');
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

  it('gives the places of matches to who asked alone, and none that stands only in rows not everybody may read', async () => {
    const asked = { receiptId: 'rcp_a', callerKey: 'visitor' };
    const visitor = { kind: 'visitor' } as const;
    // ex_1 was withdrawn above: the first stretch stands in ex_0 too, the second nowhere else.
    expect(await getAnswerThreads(deps(), visitor, asked)).toEqual({
      spans: [{ startChar: 0, endChar: 20, millibits: 70_000, occurrences: 2, exampleIds: ['ex_0'] }],
      hidden: 1,
    });
    await expect(getAnswerThreads(deps(), visitor, { ...asked, callerKey: 'another' })).rejects.toMatchObject({
      code: 'receipt_not_found',
    });
    await database.db.insert(datanetAccess).values({
      ...{ datanetId: 'dn_1', tier: 'gated', setBy: address(9), setAt: deps().now() },
    });
    expect(await getAnswerThreads(deps(), visitor, asked)).toEqual({ spans: [], hidden: 2 });
  });
});
