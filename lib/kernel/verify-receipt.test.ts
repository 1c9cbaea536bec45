import { readFileSync } from 'node:fs';
import { privateKeyToAccount } from 'viem/accounts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { attributeShares, type RetrievedRow } from './attribute-shares.ts';
import { type ReceiptBody, type ReceiptBody1, type ReceiptBody2, receiptHash } from './receipt.ts';
import { receiptJsonSchema } from './receipt-json-schema.ts';
import { receiptSchema } from './receipt-schema.ts';
import { creditRetrieval } from './retrieval-credit.ts';
import type { LineageAct } from './role-shares.ts';
import { verifyReceipt } from './verify-receipt.ts';

const gateway = privateKeyToAccount(`0x${'7'.repeat(64)}`);
const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const hash = (digit: string) => `0x${digit.repeat(64)}`;
const collected = (n: number): LineageAct[] => [
  { role: 'collect', account: wallet(n) },
  { role: 'review', account: wallet(9) },
];

const facts = { alphaPpm: 700_000, sigma: 1_000n, cutScore: 3_002n, positiveSum: 60_000n };
const scored = [
  { exampleId: 'ex_1', score: 20_000n, lineage: collected(1) },
  { exampleId: 'ex_2', score: 9_000n, lineage: collected(2) },
];
const values = { microNats: [-9_000_000, -4_000_000, -8_000_000, -3_500_000], baseMicroNats: -10_000_000 };
const credit = creditRetrieval(values);
const read = ['ex_2', 'ex_7'].map(
  (exampleId, i): RetrievedRow => ({
    ...{ exampleId, sharePpm: credit.rowPpm[i]!, lineage: collected(i + 2) },
  }),
);
const attributed = attributeShares(scored, facts, read);

const terms = {
  ...{ id: 'rcp_1', inferenceId: 'inf_1', issuedAt: '2030-01-01T00:00:00.000Z', payer: wallet(5), feeWei: '1000' },
  gateway: gateway.address.toLowerCase() as `0x${string}`,
  ...{ channelId: hash('1'), requestHash: hash('2'), outputHash: hash('3') },
  model: { id: 'mdl_1', versionHash: hash('4'), adapterSha256: hash('5'), baseModel: 'openledger-nano' },
  datanet: { id: 'dn_1', versionId: 'dv_1', number: 1, root: hash('6') },
  tokens: { prompt: 100, completion: 50 },
  price: { inputWeiPerToken: '5', outputWeiPerToken: '10' },
  split: { data: 6_000, model: 2_000, app: 500, infra: 1_000, validators: 500 },
};
const receipt: ReceiptBody2 = {
  ...terms,
  version: 2,
  attribution: {
    ...{ method: 'given/1', indexSha256: 'a'.repeat(64), indexRows: 40, queryCodesHash: 'b'.repeat(64) },
    ...{ certificate: { sha256: hash('c'), status: 'certified', alphaPpm: facts.alphaPpm }, basis: 'influence' },
    ...{ sigma: '1000', cutScore: '3002', positiveSum: '60000' },
    ...{ explainedPpm: attributed.explainedPpm, shares: attributed.shares, commonPpm: attributed.commonPpm },
    rows: attributed.rows.map((row) => ({ ...row, score: row.score.toString() })),
    retrieval: {
      ...{ method: 'prompt-shapley/1', template: 'rows-first/1', ...values, sharePpm: credit.sharePpm },
      rows: attributed.retrieved.map((row) => ({ ...row, chars: 30 })),
    },
    spans: { indexSha256: 'd'.repeat(64), count: 2, hash: hash('e') },
  },
};

/** The first step that differs when the gateway itself signs this; null when none does. */
async function firstDifference(body: ReceiptBody): Promise<string | null> {
  const signed = receiptHash(body);
  const signature = await gateway.signMessage({ message: { raw: signed } });
  return (await verifyReceipt(body, signed, signature)).find((step) => !step.ok)?.id ?? null;
}
/** The receipt with one change, made by `edit` on a copy. */
function changed(edit: (body: ReceiptBody2, attribution: ReceiptBody2['attribution']) => void): ReceiptBody2 {
  const body = structuredClone(receipt);
  edit(body, body.attribution);
  return body;
}
function add<K extends string>(object: Record<K, number>, key: K, amount: number): void {
  object[key] += amount;
}

describe('verifyReceipt, version 2', () => {
  it('recomputes every step of an honest receipt', async () => {
    expect(attributed.explainedPpm).toBeGreaterThan(0);
    expect(credit.rowPpm.every((ppm) => ppm > 0)).toBe(true);
    expect(await firstDifference(receipt)).toBeNull();
    const free = changed((body) => Object.assign(body, { payer: null, channelId: null, feeWei: '0' }));
    expect(await firstDifference(free)).toBeNull();
  });

  it('names a hash that is not the body’s, and a signature that is not the gateway’s', async () => {
    const signature = await gateway.signMessage({ message: { raw: receiptHash(receipt) } });
    const first = async (body: ReceiptBody, of: `0x${string}`, by: `0x${string}`) =>
      (await verifyReceipt(body, of, by)).find((step) => !step.ok)?.id;
    const dearer = changed((body) => Object.assign(body, { feeWei: '999' }));
    expect(await first(dearer, receiptHash(receipt), signature)).toBe('hash');
    expect(await first(dearer, receiptHash(dearer), signature)).toBe('signature');
    expect(await first(receipt, receiptHash(receipt), '0x12')).toBe('signature');
  });

  it.each([
    ['schema', 'a field more', changed((body) => Object.assign(body, { note: '' }))],
    ['schema', 'a number for an amount', changed((body) => Object.assign(body, { feeWei: 1000 }))],
    [
      'schema',
      'an address in capitals',
      changed((_, a) => Object.assign(a.shares[0]!, { account: wallet(1).replace('0x', '0X') })),
    ],
    ['schema', 'a negative share', changed((_, a) => Object.assign(a.rows[0]!, { sharePpm: -1 }))],
    ['schema', 'no attribution', changed((body) => Reflect.deleteProperty(body, 'attribution'))],
    ['fee', 'more than the price', changed((body) => Object.assign(body, { feeWei: '1001' }))],
    ['certificate', 'influence while refused', changed((_, a) => Object.assign(a.certificate, { status: 'refused' }))],
    ['certificate', 'flat although certified', changed((_, a) => Object.assign(a, { basis: 'flat' }))],
    ['certificate', 'certified by nothing', changed((_, a) => Object.assign(a.certificate, { sha256: null }))],
    ['cut', 'a lower cut', changed((_, a) => Object.assign(a, { cutScore: '2999' }))],
    ['cut', 'a higher cut', changed((_, a) => Object.assign(a, { cutScore: '3004' }))],
    ['cut', 'credit from lower on than its method', changed((_, a) => Object.assign(a, { cutScore: '1751' }))],
    ['cut', 'credit from higher on', changed((_, a) => Object.assign(a, { method: 'lora-b-fisher-int8/6' }))],
    // What its method says of 40 rows: the cut is right, and then the shares are not.
    [
      'explained',
      'another method, and its cut',
      changed((_, a) => Object.assign(a, { method: 'lora-b-fisher-int8/6', cutScore: '1751' })),
    ],
    [
      'cut',
      'credit without a source',
      changed((_, a) => {
        Object.assign(a, { method: 'lora-b-fisher-int8/6', cutScore: '1751' });
        for (const row of a.rows) row.score = '2900';
      }),
    ],
    ['cut', 'a row below the cut', changed((_, a) => Object.assign(a.rows[1]!, { score: '3002' }))],
    ['sums', 'more influence than there is', changed((_, a) => Object.assign(a, { positiveSum: '28999' }))],
    ['sums', 'a row twice', changed((_, a) => a.rows.push(a.rows[1]!))],
    ['sums', 'rows out of order', changed((_, a) => a.rows.reverse())],
    ['sums', 'more rows than the index has', changed((_, a) => Object.assign(a, { indexRows: 1 }))],
    ['retrieval', 'another value', changed((_, a) => Object.assign(a.retrieval!.microNats, { 3: -3_400_000 }))],
    ['retrieval', 'a row too few', changed((_, a) => a.retrieval!.rows.pop())],
    ['retrieval', 'another part of the whole', changed((_, a) => add(a.retrieval!, 'sharePpm', 1))],
    ['retrieval', 'a value too few', changed((_, a) => a.retrieval!.microNats.pop())],
    ['retrieval', 'another part for a row read', changed((_, a) => add(a.retrieval!.rows[0]!, 'sharePpm', 1))],
    ['explained', 'a better certificate', changed((_, a) => Object.assign(a.certificate, { alphaPpm: 700_100 }))],
    ['explained', 'less positive influence', changed((_, a) => Object.assign(a, { positiveSum: '59000' }))],
    ['explained', 'a higher score', changed((_, a) => Object.assign(a.rows[0]!, { score: '20100' }))],
    [
      'rows',
      'a ppm moved between rows',
      changed((_, a) => {
        add(a.rows[0]!, 'sharePpm', 1);
        add(a.rows[1]!, 'sharePpm', -1);
      }),
    ],
    [
      'roles',
      'a ppm of the author’s for the reviewer',
      changed((_, a) => {
        add(a.rows[0]!.roles[0]!, 'sharePpm', -1);
        add(a.rows[0]!.roles[1]!, 'sharePpm', 1);
      }),
    ],
    [
      'roles',
      'a role of a row read',
      changed((_, a) => Object.assign(a.retrieval!.rows[1]!.roles[1]!, { role: 'clean' })),
    ],
    [
      'shares',
      'a row given to somebody else',
      changed((_, a) => Object.assign(a.rows[0]!.roles[0]!, { account: wallet(3) })),
    ],
    [
      'shares',
      'a ppm for an account from the pool',
      changed((_, a) => {
        add(a.shares[0]!, 'sharePpm', 1);
        add(a, 'commonPpm', -1);
      }),
    ],
    ['shares', 'more confidence', changed((_, a) => add(a.shares[0]!, 'sigmas', 1))],
    ['total', 'a larger pool', changed((_, a) => add(a, 'commonPpm', 1))],
    ['split', 'a split of more than everything', changed((body) => add(body.split, 'data', 1))],
  ])('names the first step that differs: %s (%s)', async (step, _what, body) => {
    expect(await firstDifference(body)).toBe(step);
  });
});

describe('verifyReceipt, version 1', () => {
  const old: ReceiptBody1 = {
    ...terms,
    version: 1,
    attribution: {
      ...{ method: 'given/1', indexSha256: 'a', queryCodesHash: 'b', confident: true, cutScore: '10' },
      rows: [
        { exampleId: 'ex_1', contributor: wallet(1), score: '40', sharePpm: 750_000 },
        { exampleId: 'ex_2', contributor: wallet(2), score: '20', sharePpm: 250_000 },
      ],
      shares: [
        { contributor: wallet(1), sharePpm: 750_000 },
        { contributor: wallet(2), sharePpm: 250_000 },
      ],
    },
  };

  it('still recomputes, and still names what differs', async () => {
    expect(await firstDifference(old)).toBeNull();
    const forged = structuredClone(old);
    forged.attribution.rows[0]!.score = '41';
    expect(await firstDifference(forged)).toBe('rows');
    const taken = structuredClone(old);
    taken.attribution.shares[1]!.contributor = wallet(3);
    expect(await firstDifference(taken)).toBe('shares');
  });
});

describe('the published schema', () => {
  const file: unknown = JSON.parse(readFileSync('public/schemas/receipt-2.json', 'utf8'));

  it('is the one that receipts are made by (else: node scripts/schemas/write-receipt-schema.ts)', () => {
    expect(file).toEqual(receiptJsonSchema(2));
    expect(JSON.parse(readFileSync('public/schemas/receipt-3.json', 'utf8'))).toEqual(receiptJsonSchema(3));
  });

  it('admits a receipt, and none with a field that is wrong, missing or too many', () => {
    const published = z.fromJSONSchema(file as Parameters<typeof z.fromJSONSchema>[0]);
    expect(published.safeParse(receipt).success).toBe(true);
    for (const key of Object.keys(receipt) as (keyof ReceiptBody2)[]) {
      const { [key]: _, ...rest } = receipt;
      expect(published.safeParse(rest).success, key).toBe(false);
      expect(receiptSchema.safeParse(rest).success, key).toBe(false);
      expect(published.safeParse({ ...receipt, [key]: 0.5 }).success, key).toBe(false);
    }
    expect(published.safeParse({ ...receipt, note: '' }).success).toBe(false);
  });
});
