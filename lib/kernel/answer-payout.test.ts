import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerPayout, nothingOff, type RowGroup } from './answer-payout.ts';
import { attributeShares } from './attribute-shares.ts';
import { contributorOf } from './contributor-of.ts';
import type { ReceiptBody2 } from './receipt.ts';
import { creditRetrieval } from './retrieval-credit.ts';

const wallet = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const lineage = (author: number, curator = 9) => [
  { role: 'collect' as const, account: wallet(author) },
  { role: 'review' as const, account: wallet(curator) },
];

type Facts = {
  alphaPpm?: number;
  scores: [author: number, score: bigint][];
  read?: { authors: number[]; microNats: number[] };
};

/** A receipt as the gateway makes it of these scores; rows are ex_0, ex_1, ... */
function receipt({ alphaPpm = 700_000, scores, read }: Facts): ReceiptBody2 {
  const rows = scores.map(([author, score], i) => ({ exampleId: `ex_${i}`, score, lineage: lineage(author) }));
  const facts = {
    alphaPpm,
    cutScore: 30n,
    sigma: 10n,
    positiveSum: scores.reduce((sum, [, score]) => sum + score, 500n),
  };
  const credit = read && creditRetrieval({ microNats: read.microNats, baseMicroNats: 0 });
  const retrievedRows = read?.authors.map((author, i) => ({
    ...{ exampleId: `ex_r${i}`, sharePpm: credit!.rowPpm[i]!, lineage: lineage(author) },
  }));
  const found = attributeShares(rows, facts, retrievedRows);
  return {
    version: 2,
    attribution: {
      ...{ basis: alphaPpm > 0 ? 'influence' : 'flat', certificate: { alphaPpm }, explainedPpm: found.explainedPpm },
      ...{ cutScore: '30', sigma: '10', positiveSum: String(facts.positiveSum) },
      rows: found.rows.map((row) => ({ ...row, score: String(row.score) })),
      ...{ shares: found.shares, commonPpm: found.commonPpm },
      ...(read && { retrieval: { rows: found.retrieved, microNats: read.microNats, baseMicroNats: 0 } }),
    },
  } as unknown as ReceiptBody2;
}

const groups: RowGroup[] = [
  { exampleId: null, rows: 2, lineage: lineage(1) },
  { exampleId: null, rows: 3, lineage: lineage(2) },
  { exampleId: 'ex_0', rows: 1, lineage: [{ role: 'collect', account: wallet(3) }, ...lineage(1).slice(1)] },
];
const ppmOf = (payout: ReturnType<typeof answerPayout>, author: number) => {
  const payee = payout.payees.find(({ account }) => account === wallet(author));
  return (payee?.namedPpm ?? 0) + (payee?.poolPpm ?? 0);
};
const sum = ({ payees, rowsPpm }: ReturnType<typeof answerPayout>) =>
  payees.reduce((total, { namedPpm, poolPpm }) => total + namedPpm + poolPpm, rowsPpm);
const score = fc.bigInt({ min: 31n, max: 10n ** 12n });
const author = fc.integer({ min: 1, max: 5 });

describe('answerPayout', () => {
  it('divides everything, and with nothing off names who the receipt names', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(author, score), { maxLength: 12 }), (scores) => {
        const body = receipt({ scores });
        const payout = answerPayout(body, groups);
        expect(sum(payout)).toBe(1_000_000);
        const named = payout.payees.filter(({ namedPpm }) => namedPpm > 0);
        expect(new Map(named.map(({ account, namedPpm }) => [account, namedPpm]))).toEqual(
          new Map(body.attribution.shares.map(({ account, sharePpm }) => [account, sharePpm])),
        );
      }),
    );
  });

  it('pays as if rows that are off had never stood out', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(author, score), { minLength: 1, maxLength: 12 }), author, (scores, gone) => {
        const body = receipt({ scores });
        const off = { ...nothingOff, contributors: new Set([wallet(gone)]) };
        const kept = scores.filter(([one]) => one !== gone);
        const alone = answerPayout(receipt({ scores: kept }), null);
        const rows = { ...nothingOff, rows: new Set(scores.flatMap(([one], i) => (one === gone ? [`ex_${i}`] : []))) };
        expect(answerPayout(body, null, off)).toEqual(alone);
        expect(answerPayout(body, null, rows)).toEqual(alone);
        expect(ppmOf(answerPayout(body, null, off), gone)).toBe(0);
      }),
    );
  });

  it('takes a row out of those that were read by the values that the receipt has for the prompt without it', () => {
    const microNats = [1_000, 3_000, 2_000, 9_000];
    const body = receipt({ scores: [], read: { authors: [1, 2], microNats } });
    const without = answerPayout(body, null, { ...nothingOff, rows: new Set(['ex_r1']) });
    expect(without).toEqual(
      answerPayout(receipt({ scores: [], read: { authors: [1], microNats: [1_000, 3_000] } }), null),
    );
    expect(ppmOf(without, 2)).toBe(0);
  });

  it('takes a row out of the pool of all rows, whether it stands for itself or is one of many', () => {
    const scores: Facts['scores'] = [
      [3, 100n],
      [1, 100n],
    ];
    const body = receipt({ alphaPpm: 0, scores });
    expect(ppmOf(answerPayout(body, groups), 1)).toBe(Math.round((1_000_000 * 2 * 0.95) / 6));
    expect(ppmOf(answerPayout(body, groups, { ...nothingOff, rows: new Set(['ex_1']) }), 1)).toBe(190_000);
    expect(ppmOf(answerPayout(body, groups, { ...nothingOff, rows: new Set(['ex_0']) }), 3)).toBe(0);
    expect(ppmOf(answerPayout(body, groups, { ...nothingOff, contributors: new Set([wallet(2)]) }), 2)).toBe(0);
    expect(answerPayout(body, null).rowsPpm).toBe(1_000_000);
  });

  it('pays nobody when no row is left', () => {
    const body = receipt({ scores: [[1, 100n]] });
    expect(answerPayout(body, groups, { ...nothingOff, all: true })).toEqual({ by: 'nobody', payees: [], rowsPpm: 0 });
    const everybody = { ...nothingOff, contributors: new Set(groups.map((group) => contributorOf(group.lineage))) };
    expect(answerPayout(body, groups, everybody).by).toBe('nobody');
  });
});
