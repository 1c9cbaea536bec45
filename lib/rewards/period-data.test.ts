import { describe, expect, it } from 'vitest';
import { encodePeriodData, type PeriodData, type PeriodData1, parsePeriodData, rebuildPeriod } from './period-data.ts';

const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const hash = (digit: string) => `0x${digit.repeat(64)}` as const;
const split = { data: 6_000, model: 2_000, app: 500, infra: 1_000, validators: 500 };
const receipt = { channelId: hash('c'), versionId: 'dv_1', modelOwner: wallet(5), split };

/** A file of version 1 with the roots that the code of then computed. */
const old: PeriodData1 = {
  ...{ version: 1, chainId: 1612, attributionLedger: wallet(70), revenueRouter: wallet(71), number: 4 },
  ...{ protocolFeeBps: 500, grossWei: '1000003', protocolFeeWei: '50000', netWei: '950003', totalWei: '950025' },
  earningsRoot: '0x791785d3bcbd208ce9f19400c4d49581c0280d58a96ef7b1e2ccdb1899ce1420',
  receiptsRoot: '0x5d322faff14aac1c30f3533ab1b87b939dffcf19645863f30f2e6b82ee026f87',
  ...{ appAccount: wallet(8), infraAccount: wallet(8), previousRoot: hash('a') },
  previousLeaves: [
    [wallet(1), '17'],
    [wallet(2), '5'],
  ],
  validators: {
    dv_1: [
      [wallet(3), 7],
      [wallet(4), 1],
    ],
  },
  receipts: [
    {
      ...{ ...receipt, id: 'rcp_1', hash: hash('1'), feeWei: '1000000' },
      shares: [
        [wallet(1), 333_333],
        [wallet(2), 666_667],
      ],
    },
    { ...receipt, id: 'rcp_2', hash: hash('2'), feeWei: '3', shares: [[wallet(6), 1_000_000]] },
  ],
  channels: [[hash('c'), '1000003']],
};
const bytesOf = (data: unknown) => new TextEncoder().encode(JSON.stringify(data));

describe('period data', () => {
  it('rebuilds a file from before there were common pools to the roots that it was posted with', () => {
    const built = rebuildPeriod(parsePeriodData(bytesOf(old)));
    expect(built).toMatchObject({ earningsRoot: old.earningsRoot, receiptsRoot: old.receiptsRoot });
    expect(built.totalWei.toString()).toBe(old.totalWei);
  });

  it('keeps everything that the root follows from', () => {
    const data: PeriodData = {
      ...old,
      version: 2,
      receipts: [
        { ...old.receipts[0]!, modelId: 'mdl_1', commonPpm: 0, poolBy: 'shares' },
        { ...old.receipts[1]!, modelId: 'mdl_1', shares: [], commonPpm: 1_000_000, poolBy: 'rows' },
      ],
      rowPools: { mdl_1: { adapterId: 'ad_1', rows: 1, weights: [[wallet(9), 1_000_000]] } },
    };
    expect(parsePeriodData(encodePeriodData(data))).toEqual(data);
    const { lines, totalWei } = rebuildPeriod(parsePeriodData(encodePeriodData(data)));
    expect(lines.at(-1)).toEqual({
      modelId: 'mdl_1',
      receiptId: null,
      account: wallet(9),
      role: 'common',
      amountWei: 2n,
    });
    expect(totalWei.toString()).toBe(old.totalWei);
  });

  it('refuses a file of no known version, and one that lacks its pools', () => {
    expect(() => parsePeriodData(bytesOf({ ...old, version: 3 }))).toThrow();
    expect(() => parsePeriodData(bytesOf({ ...old, version: 2 }))).toThrow('rowPools');
  });
});
