import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { rebuildPeriod } from './period-input.ts';
import type { PeriodTerms, ReceiptEntry } from './period-schema.ts';
import { readPeriod } from './read-period.ts';
import { writePeriod } from './write-period.ts';

const wallet = (n: number) => `0x${String(n).padStart(40, '0')}` as const;
const hash = (digit: string) => `0x${digit.repeat(64)}` as const;
const split = { data: 6_000, model: 2_000, app: 500, infra: 1_000, validators: 500 };
const receipt = { channelId: hash('c'), versionId: 'dv_1', modelOwner: wallet(5), split };
const folder = mkdtempSync(join(tmpdir(), 'openledger-read-period-'));
afterAll(() => rmSync(folder, { recursive: true }));

const terms1 = {
  ...{ chainId: 1612, attributionLedger: wallet(70), revenueRouter: wallet(71), number: 4 },
  ...{ protocolFeeBps: 500, grossWei: '1000003', protocolFeeWei: '50000', netWei: '950003' },
  ...{ appAccount: wallet(8), infraAccount: wallet(8), previousRoot: hash('a') },
  validators: { dv_1: [[wallet(3), 7] as [`0x${string}`, number], [wallet(4), 1] as [`0x${string}`, number]] },
  channels: [[hash('c'), '1000003'] as [`0x${string}`, string]],
};
const previousLeaves = [
  [wallet(1), '17'],
  [wallet(2), '5'],
] as [`0x${string}`, string][];
const shares = [
  [wallet(1), 333_333],
  [wallet(2), 666_667],
] as [`0x${string}`, number][];
/** A file of version 1 with the roots that the code of then computed. */
const old = {
  ...{ ...terms1, version: 1, totalWei: '950025', previousLeaves },
  earningsRoot: '0x791785d3bcbd208ce9f19400c4d49581c0280d58a96ef7b1e2ccdb1899ce1420',
  receiptsRoot: '0x5d322faff14aac1c30f3533ab1b87b939dffcf19645863f30f2e6b82ee026f87',
  receipts: [
    { ...receipt, id: 'rcp_1', hash: hash('1'), feeWei: '1000000', shares },
    { ...receipt, id: 'rcp_2', hash: hash('2'), feeWei: '3', shares: [[wallet(6), 1_000_000]] },
  ],
};
const bytesOf = (data: unknown) => new TextEncoder().encode(JSON.stringify(data));

const rowPools = {
  mdl_1: { adapterId: 'ad_1', rows: 1, weights: [[wallet(9), 1_000_000]] },
} as PeriodTerms['rowPools'];
const receipts = [
  { ...old.receipts[0]!, modelId: 'mdl_1', commonPpm: 0, poolBy: 'shares' },
  { ...old.receipts[1]!, modelId: 'mdl_1', shares: [], commonPpm: 1_000_000, poolBy: 'rows' },
] as ReceiptEntry[];
const terms: PeriodTerms = {
  ...{ ...terms1, version: 3, rowPools, stakeBlock: 12, previousFees: [['7', '100']] },
  datanets: { dv_1: { id: '7', metaCid: hash('d'), stakers: wallet(50) } },
  models: { mdl_1: { versionHash: hash('e'), payees: [[wallet(51), 2_500]] } },
};
const totals = { totalWei: '1', earningsRoot: hash('3'), receiptsRoot: hash('4') };

describe('readPeriod', () => {
  it('rebuilds a file from before there were common pools to the roots that it was posted with', () => {
    const file = readPeriod(bytesOf(old));
    const built = rebuildPeriod(file);
    expect(built).toMatchObject({ earningsRoot: old.earningsRoot, receiptsRoot: old.receiptsRoot, datanetFees: [] });
    expect(file.readTotals()).toEqual({
      totalWei: old.totalWei,
      earningsRoot: old.earningsRoot,
      receiptsRoot: old.receiptsRoot,
    });
    expect(built.totalWei.toString()).toBe(old.totalWei);
  });

  it('gives a file from before there were stakers the root of its pools, and nobody else anything', () => {
    const { lines, totalWei } = rebuildPeriod(readPeriod(bytesOf({ ...old, version: 2, rowPools, receipts })));
    const pool = { modelId: 'mdl_1', receiptId: null, account: wallet(9), role: 'common', amountWei: 2n };
    expect(lines.at(-1)).toEqual(pool);
    expect(totalWei.toString()).toBe(old.totalWei);
    expect(lines.some(({ role }) => role === 'stakers' || role === 'royalty')).toBe(false);
  });

  it('reads from memory and from a file the lines that were written, as often as asked', () => {
    const bytes = writePeriod(terms, { previousLeaves, receipts, totals });
    const path = join(folder, 'period');
    writeFileSync(path, bytes);
    for (const file of [readPeriod(bytes), readPeriod(path), readPeriod(path, { isOurs: true })]) {
      for (const _ of [1, 2]) {
        expect([...file.receipts]).toEqual(receipts);
        expect([...file.previousLeaves]).toEqual(previousLeaves);
      }
      expect(file).toMatchObject({ version: 3, terms });
      expect(file.readTotals()).toEqual(totals);
      const { lines, datanetFees } = rebuildPeriod(file);
      expect(datanetFees).toEqual([{ datanet: 7n, cumulativeWei: 50_100n }]);
      expect(new Set(lines.map(({ role }) => role)).size).toBe(8);
    }
  });

  it('pays the models of a merge, which files name since version 5, by weight', () => {
    const merged = [
      { versionHash: hash('f'), weightPpm: 700_000, payees: [[wallet(52), 1_000] as [`0x${string}`, number]] },
      { versionHash: hash('a'), weightPpm: 300_000, payees: [] },
    ];
    const models = { mdl_1: { versionHash: hash('e'), payees: [], trainConfig: '{}', merged } };
    const file = readPeriod(writePeriod({ ...terms, version: 5, models }, { previousLeaves, receipts, totals }));
    expect(file).toMatchObject({ version: 5, terms: { models } });
    const royalties = rebuildPeriod(file).lines.filter(({ role }) => role === 'royalty');
    expect(royalties.map(({ account, amountWei }) => [account, amountWei])).toEqual([[wallet(52), 13_300n]]);
  });

  it('reads lines that are longer than what it takes from the disk at once', () => {
    const weights = Array.from({ length: 25_000 }, (_, i) => [wallet(i + 1), 1] as [`0x${string}`, number]);
    const long = { ...terms, rowPools: { mdl_1: { adapterId: 'ad_1', rows: 25_000, weights } } };
    const path = join(folder, 'long');
    writeFileSync(path, writePeriod(long, { previousLeaves, receipts, totals }));
    const file = readPeriod(path);
    expect(file.terms.rowPools.mdl_1?.weights).toEqual(weights);
    expect([...file.receipts]).toEqual(receipts);
  });

  it('refuses a file of no known version, one that lacks its pools, and a line that is none', () => {
    expect(() => readPeriod(bytesOf({ ...old, version: 4 }))).toThrow();
    expect(() => readPeriod(bytesOf({ ...old, version: 2 }))).toThrow('rowPools');
    expect(() => readPeriod(new Uint8Array())).toThrow('empty');
    const wrong = [{ ...receipts[0]!, feeWei: '-1' }];
    const file = readPeriod(writePeriod(terms, { previousLeaves, receipts: wrong, totals }));
    expect(() => [...file.receipts]).toThrow('feeWei');
  });
});
