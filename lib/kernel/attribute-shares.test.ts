import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attributeShares, type RetrievedRow, type ScoredRow, sigmasOf } from './attribute-shares.ts';
import { summariseNoise } from './noise-cut.ts';
import { type LineageAct, lineageRoles } from './role-shares.ts';

const wallet = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const score = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }) },
  { weight: 1, arbitrary: fc.bigInt({ min: 10n ** 9n, max: 10n ** 13n }) },
);
const act = fc.record({ role: fc.constantFrom(...lineageRoles), account: fc.integer({ min: 1, max: 6 }).map(wallet) });
const lineage: fc.Arbitrary<LineageAct[]> = fc.array(act, { minLength: 1, maxLength: 4 });
const rows: fc.Arbitrary<ScoredRow[]> = fc
  .array(fc.record({ score, lineage }), { maxLength: 60 })
  .map((list) => list.map((row, i) => ({ ...row, exampleId: `ex_${String(i).padStart(4, '0')}` })));
const alpha = fc.integer({ min: 0, max: 1_000_000 });
/** What rows in the prompt have of the whole. */
const retrieved: fc.Arbitrary<RetrievedRow[]> = fc
  .array(fc.record({ sharePpm: fc.integer({ min: 0, max: 240_000 }), lineage }), { maxLength: 4 })
  .map((list) => list.map((row, i) => ({ ...row, exampleId: `ex_${String(i * 7).padStart(4, '0')}` })));

const method = 'lora-b-fisher-int8/6';

function attribute(list: ScoredRow[], alphaPpm: number, read: RetrievedRow[] = []) {
  const { sigma, cut, positiveSum } = summariseNoise(
    BigInt64Array.from(list, (row) => row.score),
    method,
  );
  return attributeShares(list, { alphaPpm, sigma, cutScore: cut, positiveSum }, read);
}
const sum = (list: { sharePpm: number }[]) => list.reduce((total, { sharePpm }) => total + sharePpm, 0);

describe('attributeShares', () => {
  it('divides exactly 1,000,000 ppm over accounts and common pool, and never a negative share', () => {
    fc.assert(
      fc.property(rows, alpha, retrieved, (list, alphaPpm, read) => {
        const found = attribute(list, alphaPpm, read);
        expect(sum(found.shares) + found.commonPpm).toBe(1_000_000);
        expect(sum(found.rows)).toBe(found.explainedPpm);
        expect(sum(found.rows) + sum(found.retrieved)).toBe(sum(found.shares));
        expect(found.shares.every(({ sharePpm }) => sharePpm > 0)).toBe(true);
        expect(found.rows.every(({ sharePpm }) => sharePpm >= 0)).toBe(true);
        for (const row of [...found.rows, ...found.retrieved]) expect(sum(row.roles)).toBe(row.sharePpm);
      }),
    );
  });

  it('pays by name alpha times the part of the positive influence that stands above the cut', () => {
    // Cut 3 x 14,826 = 44,478, where the last row stands exactly; credits 100,000 and 300,000.
    const noise = [0n, 10_000n, -10_000n, -10_000n, 10_000n];
    const list = [...noise, 144_478n, 344_478n, 44_478n].map((value, i) => ({
      ...{ exampleId: `ex_${i}`, score: value, lineage: [{ role: 'collect' as const, account: wallet(i + 1) }] },
    }));
    const facts = { alphaPpm: 500_000, sigma: 14_826n, cutScore: 44_478n, positiveSum: 553_434n };
    const found = attributeShares(list, facts);
    expect(found.explainedPpm).toBe(Number((500_000n * 400_000n) / 553_434n));
    expect(found.rows.map((row) => [row.exampleId, row.sharePpm])).toEqual([
      ['ex_5', 90_345],
      ['ex_6', 271_035],
    ]);
    expect(found.shares).toEqual([
      { account: wallet(6), sharePpm: 90_345, sigmas: 9_744 },
      { account: wallet(7), sharePpm: 271_035, sigmas: 23_234 },
    ]);
    expect(found.commonPpm).toBe(1_000_000 - found.explainedPpm);
  });

  it('does not depend on the order of the rows, nor on rows below the cut', () => {
    fc.assert(
      fc.property(rows, alpha, (list, alphaPpm) => {
        const found = attribute(list, alphaPpm);
        expect(attribute(list.toReversed(), alphaPpm)).toEqual(found);
        const { sigma, cut, positiveSum } = summariseNoise(
          BigInt64Array.from(list, (row) => row.score),
          method,
        );
        const above = list.filter((row) => row.score > cut);
        expect(attributeShares(above, { alphaPpm, sigma, cutScore: cut, positiveSum })).toEqual(found);
      }),
    );
  });

  it('pays an author the same through one wallet or many, and everybody else the same, to the ppm', () => {
    fc.assert(
      fc.property(rows, alpha, retrieved, (list, alphaPpm, read) => {
        let next = 100;
        const divide = <T extends { lineage: readonly LineageAct[] }>(row: T): T => ({
          ...row,
          lineage: row.lineage.map((one) => (one.account === wallet(1) ? { ...one, account: wallet(next++) } : one)),
        });
        const one = attribute(list, alphaPpm, read);
        const many = attribute(list.map(divide), alphaPpm, read.map(divide));
        const isSplit = (account: string) => BigInt(account) >= 100n;
        expect(sum(many.shares.filter(({ account }) => isSplit(account)))).toBe(
          sum(one.shares.filter(({ account }) => account === wallet(1))),
        );
        expect(many.shares.filter(({ account }) => !isSplit(account))).toEqual(
          one.shares.filter(({ account }) => account !== wallet(1)),
        );
        expect(many.commonPpm).toBe(one.commonPpm);
      }),
    );
  });

  it('gives a row with more influence at least as much as one with less', () => {
    fc.assert(
      fc.property(rows, alpha, (list, alphaPpm) => {
        const sorted = attribute(list, alphaPpm).rows.sort((a, b) => (a.score < b.score ? -1 : 1));
        // Largest remainder may move one ppm between neighbours with nearly equal credit.
        for (let i = 1; i < sorted.length; i++)
          expect(sorted[i]!.sharePpm).toBeGreaterThanOrEqual(sorted[i - 1]!.sharePpm - 1);
      }),
    );
  });

  it('pays more by name the better the certificate, and nothing without one', () => {
    fc.assert(
      fc.property(rows, alpha, alpha, (list, a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        expect(attribute(list, high).explainedPpm).toBeGreaterThanOrEqual(attribute(list, low).explainedPpm);
        expect(attribute(list, 0)).toMatchObject({ explainedPpm: 0, shares: [], commonPpm: 1_000_000 });
      }),
    );
  });

  it('says that there is no confident source when nothing stands out', () => {
    const list = [-5n, -4n, -3n, -9n].map((value, i) => ({
      ...{ exampleId: `ex_${i}`, score: value, lineage: [{ role: 'collect' as const, account: wallet(1) }] },
    }));
    expect(attribute(list, 1_000_000)).toEqual({
      ...{ explainedPpm: 0, rows: [], retrieved: [], shares: [], commonPpm: 1_000_000 },
    });
    expect(attribute([], 1_000_000).commonPpm).toBe(1_000_000);
  });

  it('takes what rows in the prompt have first, and pays it without a certificate', () => {
    const person = [{ role: 'collect' as const, account: wallet(9) }];
    const list = [
      ...[0n, 10_000n, -10_000n].map((value, i) => ({ exampleId: `ex_${i}`, score: value, lineage: person })),
      { exampleId: 'ex_9', score: 1_000_000n, lineage: [{ role: 'collect' as const, account: wallet(1) }] },
    ];
    const read = [{ exampleId: 'ex_1', sharePpm: 400_000, lineage: person }];
    const full = attribute(list, 1_000_000);
    const found = attribute(list, 1_000_000, read);
    expect(found.shares).toEqual([
      { account: wallet(1), sharePpm: Math.floor((full.explainedPpm * 6) / 10), sigmas: expect.any(Number) },
      { account: wallet(9), sharePpm: 400_000, sigmas: 0 },
    ]);
    expect(attribute(list, 0, read).shares).toEqual([{ account: wallet(9), sharePpm: 400_000, sigmas: 0 }]);
  });

  it('refuses facts that contradict each other', () => {
    const row = { exampleId: 'ex_1', score: 10n, lineage: [{ role: 'collect' as const, account: wallet(1) }] };
    const facts = { alphaPpm: 1, sigma: 1n, cutScore: 3n, positiveSum: 10n };
    expect(attributeShares([row], facts).explainedPpm).toBe(0);
    expect(() => attributeShares([row], { ...facts, positiveSum: 6n })).toThrow('more credit than positive');
    expect(() => attributeShares([row], { ...facts, alphaPpm: 1_000_001 })).toThrow('alpha');
    expect(() => attributeShares([row], { ...facts, cutScore: -1n })).toThrow('cut');
    const all = [{ exampleId: 'ex_2', sharePpm: 1_000_001, lineage: row.lineage }];
    expect(() => attributeShares([row], facts, all)).toThrow('more than everything');
  });
});

describe('sigmasOf', () => {
  it('is the score in thousandths of the noise, and bounded where there is none', () => {
    expect([sigmasOf(10n, 3n), sigmasOf(-10n, 3n), sigmasOf(1n, 0n), sigmasOf(10n ** 18n, 1n)]).toEqual([
      3_333, 0, 1_000_000, 1_000_000,
    ]);
  });
});
