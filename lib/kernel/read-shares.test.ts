import { describe, expect, it } from 'vitest';
import { readShares } from './read-shares.ts';
import type { ReceiptBody1, ReceiptBody2 } from './receipt.ts';

const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const row = (id: string, score: string, n: number) => ({
  ...{ exampleId: id, score, sharePpm: 10, roles: [{ role: 'collect' as const, account: wallet(n), sharePpm: 10 }] },
});
const share = (n: number, sharePpm: number) => ({ account: wallet(n), sharePpm, sigmas: 9_000 });
const certificate = { sha256: null, status: 'certified' as const, alphaPpm: 1 };
const attribution = {
  ...{ basis: 'influence', certificate, explainedPpm: 20, sigma: '100', cutScore: '300', commonPpm: 999_980 },
  rows: [row('ex_1', '400', 1), row('ex_2', '600', 2)],
  shares: [share(1, 5), share(2, 15)],
} as unknown as ReceiptBody2['attribution'];
const receipt = (changes: object) => ({ version: 2, attribution: { ...attribution, ...changes } }) as ReceiptBody2;

describe('readShares', () => {
  it('tells influence from what is paid, strongest and largest first', () => {
    const shares = readShares(receipt({}));
    expect(shares).toMatchObject({ by: 'influence', commonPpm: 999_980, rowsPpm: 0 });
    expect(
      shares.rows.map((one) => [one.exampleId, one.contributor, one.influencePpm, one.sharePpm, one.sigmas]),
    ).toEqual([
      ['ex_2', wallet(2), 750_000, 10, 6_000],
      ['ex_1', wallet(1), 250_000, 10, 4_000],
    ]);
    // Of the pool everybody has what they have of the influence that is paid: here half each, whatever is paid for rows read.
    expect(shares.shares).toMatchObject([
      { account: wallet(2), sharePpm: 15, poolPpm: 499_990 },
      { account: wallet(1), sharePpm: 5, poolPpm: 499_990 },
    ]);
  });

  it('tells why nobody is paid by name', () => {
    const nothing = readShares(receipt({ rows: [], shares: [], explainedPpm: 0, commonPpm: 1_000_000 }));
    expect(nothing).toMatchObject({ by: 'no-source', rowsPpm: 1_000_000 });
    const onlyRead = readShares(
      receipt({ rows: [], shares: [share(3, 400_000)], explainedPpm: 0, commonPpm: 600_000 }),
    );
    expect(onlyRead).toMatchObject({ by: 'no-source', rowsPpm: 600_000, shares: [{ sharePpm: 400_000, poolPpm: 0 }] });
    expect(readShares(receipt({ basis: 'flat', shares: [] }))).toMatchObject({ by: 'flat', rows: [{}, {}] });
  });

  it('reads receipts from before', () => {
    const rows = [{ exampleId: 'ex_1', contributor: wallet(1), score: '9', sharePpm: 1_000_000 }];
    const shares = [{ contributor: wallet(1), sharePpm: 1_000_000 }];
    const old = (confident: boolean) =>
      ({ version: 1, attribution: { confident, rows: confident ? rows : [], shares } }) as ReceiptBody1;
    expect(readShares(old(true))).toMatchObject({
      ...{ by: 'influence', commonPpm: 0, shares: [{ account: wallet(1), sharePpm: 1_000_000, sigmas: null }] },
      rows: [{ contributor: wallet(1), influencePpm: 1_000_000, sigmas: null }],
    });
    expect(readShares(old(false)).by).toBe('equal-rows');
  });
});
