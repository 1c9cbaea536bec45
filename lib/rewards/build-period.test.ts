import fc from 'fast-check';
import type { Address } from 'viem';
import { describe, expect, it } from 'vitest';
import { splitByLargestRemainder } from '#lib/kernel/money.ts';
import { buildPeriod, payPeriod, protocolFeeWei } from './build-period.ts';
import type { PeriodInput, PeriodReceipt, RowPool } from './period-receipt.ts';
import type { RewardLeaf } from './types.ts';

const address = fc.integer({ min: 1, max: 30 }).map((n) => `0x${n.toString(16).padStart(40, '0')}` as const);
const weighted = (total: number) =>
  fc
    .uniqueArray(fc.record({ account: address, weight: fc.integer({ min: 1, max: 1000 }) }), {
      selector: (entry) => entry.account,
      minLength: 1,
      maxLength: 8,
    })
    .map((list) => {
      const parts = splitByLargestRemainder(
        BigInt(total),
        list.map((entry) => BigInt(entry.weight)),
      );
      return list.map((entry, i) => ({ account: entry.account, weight: Number(parts[i]) }));
    });
const split = fc.record({
  data: fc.integer({ min: 2000, max: 9500 }),
  model: fc.integer({ min: 0, max: 5000 }),
  app: fc.integer({ min: 0, max: 1000 }),
  infra: fc.integer({ min: 0, max: 3000 }),
  validators: fc.integer({ min: 0, max: 2000 }),
});
const named = fc.tuple(weighted(1_000_000), fc.integer({ min: 0, max: 1_000_000 })).map(([shares, keptPpm]) => {
  const kept = shares.map(({ account, weight }) => ({ account, weight: Math.floor((weight * keptPpm) / 1_000_000) }));
  const paid = kept.filter(({ weight }) => weight > 0);
  const commonPpm = 1_000_000 - paid.reduce((sum, { weight }) => sum + weight, 0);
  return { shares: paid, commonPpm };
});
const modelIds = ['mdl_1', 'mdl_2'] as const;
const rowPools: fc.Arbitrary<RowPool[]> = fc
  .tuple(weighted(1_000), weighted(7))
  .map((weights) => modelIds.map((modelId, i) => ({ modelId, weights: weights[i]! })));
const poolBy = fc.oneof(fc.constantFrom('shares' as const, 'rows' as const), weighted(300_000));
const royalties = fc.array(fc.record({ account: address, bps: fc.integer({ min: 1, max: 5_000 }) }), { maxLength: 4 });
const receipt = (i: number): fc.Arbitrary<PeriodReceipt> =>
  fc
    .record({
      ...{
        id: fc.constant(`rcp_${i.toString().padStart(4, '0')}`),
        modelId: fc.constantFrom(...modelIds),
        named,
        poolBy,
      },
      hash: fc.constant(`0x${(i + 1).toString(16).padStart(64, '0')}` as const),
      feeWei: fc.oneof(fc.constant(0n), fc.bigInt({ min: 1n, max: 10n ** 21n })),
      modelOwner: address,
      split,
      validators: weighted(500),
      royalties,
      merged: fc.array(fc.record({ weightPpm: fc.integer({ min: 1, max: 250_000 }), royalties }), { maxLength: 4 }),
      datanets: fc.array(
        fc.record({
          ...{ id: fc.option(fc.bigInt({ min: 1n, max: 4n })), stakers: fc.option(address) },
          weight: fc.integer({ min: 1, max: 5_000 }),
        }),
        { minLength: 1, maxLength: 3 },
      ),
    })
    .map(({ named: { shares, commonPpm }, ...one }) => ({
      ...{ ...one, shares, commonPpm },
      poolBy: shares.length === 0 && one.poolBy === 'shares' ? 'rows' : one.poolBy,
    }));
type Input = PeriodInput & { receipts: PeriodReceipt[]; previousLeaves: RewardLeaf[] };
const period: fc.Arbitrary<Input> = fc
  .integer({ min: 1, max: 12 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => receipt(i))))
  .chain((receipts) => {
    const gross = receipts.reduce((sum, { feeWei }) => sum + feeWei, 0n);
    return fc.record({
      netWei: fc.constant(gross - protocolFeeWei(gross, 500)),
      protocolFeeWei: fc.constant(protocolFeeWei(gross, 500)),
      previousFees: fc.constant([{ datanet: 2n, cumulativeWei: 10n ** 15n }]),
      receipts: fc.constant(receipts),
      rowPools,
      previousLeaves: fc.uniqueArray(
        fc.record({ account: address, cumulativeWei: fc.bigInt({ min: 1n, max: 10n ** 24n }) }),
        {
          selector: (leaf) => leaf.account,
          minLength: 1,
          maxLength: 10,
        },
      ),
      appAccount: address,
      infraAccount: address,
    });
  });
/** A receipt without what most tests are not about. */
const plain = { royalties: [], datanets: [{ id: null, stakers: null, weight: 1 }] };
const noFees = { protocolFeeWei: 0n, previousFees: [] };
const sum = (amounts: bigint[]) => amounts.reduce((a, b) => a + b, 0n);

describe('buildPeriod', () => {
  it('pays out exactly the net amount, and adds exactly that to the leaves', () => {
    fc.assert(
      fc.property(period, (input) => {
        const built = buildPeriod(input);
        expect(sum(built.lines.map((line) => line.amountWei))).toBe(input.netWei);
        expect(built.totalWei).toBe(sum(input.previousLeaves.map((leaf) => leaf.cumulativeWei)) + input.netWei);
        expect(built.lines.every((line) => line.amountWei > 0n)).toBe(true);
      }),
    );
  });

  it('never lowers a leaf', () => {
    fc.assert(
      fc.property(period, (input) => {
        const after = new Map(buildPeriod(input).leaves.map((leaf) => [leaf.account, leaf.cumulativeWei]));
        for (const { account, cumulativeWei } of input.previousLeaves) {
          expect(after.get(account)).toBeGreaterThanOrEqual(cumulativeWei);
        }
      }),
    );
  });

  it('gives the same root for the same input in any order', () => {
    fc.assert(
      fc.property(period, (input) => {
        const shuffled = {
          ...input,
          receipts: input.receipts
            .map((entry) => ({
              ...entry,
              shares: [...entry.shares].reverse(),
              validators: [...entry.validators].reverse(),
            }))
            .reverse(),
          rowPools: input.rowPools.map((one) => ({ ...one, weights: [...one.weights].reverse() })).reverse(),
          previousLeaves: [...input.previousLeaves].reverse(),
        };
        expect(buildPeriod(shuffled)).toEqual(buildPeriod(input));
      }),
    );
  });

  it('gives each role its split and each contributor its share, within one wei a step', () => {
    const a = `0x${'a'.repeat(40)}` as const;
    const b = `0x${'b'.repeat(40)}` as const;
    const c = `0x${'c'.repeat(40)}` as const;
    const built = buildPeriod({
      netWei: 1_000_003n,
      receipts: [
        {
          ...{ ...plain, id: 'rcp_1', modelId: 'mdl_1', commonPpm: 0, poolBy: 'shares' as const },
          hash: `0x${'1'.repeat(64)}`,
          feeWei: 5n,
          modelOwner: c,
          split: { data: 6000, model: 2000, app: 0, infra: 1000, validators: 1000 },
          shares: [
            { account: a, weight: 750_000 },
            { account: b, weight: 250_000 },
          ],
          validators: [{ account: b, weight: 3 }],
        },
      ],
      rowPools: [],
      previousLeaves: [],
      ...noFees,
      appAccount: c,
      infraAccount: c,
    });
    expect(built.lines).toEqual([
      { modelId: 'mdl_1', receiptId: 'rcp_1', account: a, role: 'data', amountWei: 450_002n },
      { modelId: 'mdl_1', receiptId: 'rcp_1', account: b, role: 'data', amountWei: 150_000n },
      { modelId: 'mdl_1', receiptId: 'rcp_1', account: c, role: 'model', amountWei: 200_001n },
      { modelId: 'mdl_1', receiptId: 'rcp_1', account: c, role: 'infra', amountWei: 100_000n },
      { modelId: 'mdl_1', receiptId: 'rcp_1', account: b, role: 'validators', amountWei: 100_000n },
    ]);
    expect(built.leaves).toEqual([
      { account: a, cumulativeWei: 450_002n },
      { account: b, cumulativeWei: 250_000n },
      { account: c, cumulativeWei: 300_001n },
    ]);
  });

  it('pays what an answer leaves to the pool like its shares, or by rows in one line an account and model', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((letter) => `0x${letter.repeat(40)}`) as [Address, Address, Address];
    const answer = (id: string, poolBy: PeriodReceipt['poolBy'], shares: PeriodReceipt['shares']): PeriodReceipt => ({
      ...{ ...plain, id, poolBy, shares, modelId: 'mdl_1', hash: `0x${'1'.repeat(64)}`, feeWei: 1_000n, modelOwner: c },
      commonPpm: 1_000_000 - shares.reduce((total, share) => total + share.weight, 0),
      ...{ split: { data: 1, model: 0, app: 0, infra: 0, validators: 0 }, validators: [] },
    });
    const shares = [
      { account: a, weight: 300_000 },
      { account: b, weight: 100_000 },
    ];
    const receipts = [
      answer('1', 'shares', shares),
      answer('2', [{ account: b, weight: 7 }], shares),
      answer('3', 'rows', []),
      answer('4', 'rows', [{ account: a, weight: 500_000 }]),
    ];
    const people = [a, b, c].map((account) => ({ account, weight: 5 }));
    const rowPools = [{ modelId: 'mdl_1', weights: people }];
    const rest = { ...noFees, previousLeaves: [], appAccount: c, infraAccount: c };
    const { lines } = buildPeriod({ netWei: 4_000n, receipts, rowPools, ...rest });
    const line = (receiptId: string | null, role: string, account: Address, amountWei: bigint) => ({
      ...{ modelId: 'mdl_1', receiptId, role, account, amountWei },
    });
    expect(lines).toEqual([
      ...[
        line('1', 'data', a, 300n),
        line('1', 'data', b, 100n),
        line('1', 'common', a, 450n),
        line('1', 'common', b, 150n),
      ],
      ...[line('2', 'data', a, 300n), line('2', 'data', b, 100n), line('2', 'common', b, 600n)],
      line('4', 'data', a, 500n),
      ...[a, b, c].map((account) => line(null, 'common', account, 500n)),
    ]);
  });

  it('makes asking about one’s own rows a loss, whatever the answers and however many wallets', () => {
    fc.assert(
      fc.property(
        period,
        receipt(90),
        fc.uniqueArray(address),
        fc.bigInt({ min: 10n ** 6n, max: 10n ** 22n }),
        (input, own, wallets, feeWei) => {
          const isOurs = new Set<string>(wallets);
          const earned = (receipts: PeriodReceipt[]) => {
            const gross = receipts.reduce((total, one) => total + one.feeWei, 0n);
            const built = buildPeriod({ ...input, receipts, netWei: gross - protocolFeeWei(gross, 500) });
            return (roles: string[]) =>
              sum(
                built.lines
                  .filter((line) => isOurs.has(line.account) && roles.includes(line.role))
                  .map((line) => line.amountWei),
              );
          };
          const [earnedBefore, earnedAfter] = [earned(input.receipts), earned([...input.receipts, { ...own, feeWei }])];
          // Roundings: a wei for each receipt's net and role, and for each account of a share or pool.
          const slack = 100n;
          const all = ['data', 'common', 'model', 'royalty', 'app', 'infra', 'validators', 'stakers'];
          expect(earnedAfter(all) - earnedBefore(all)).toBeLessThanOrEqual(
            feeWei - protocolFeeWei(feeWei, 500) + slack,
          );
          expect(earnedAfter(all) - earnedBefore(all)).toBeLessThan(feeWei);
          const total = Object.values(own.split).reduce((a, b) => a + b, 0);
          const dataWei = (feeWei * BigInt(own.split.data)) / BigInt(total);
          expect(earnedAfter(['data', 'common']) - earnedBefore(['data', 'common'])).toBeLessThanOrEqual(
            dataWei + slack,
          );
          // And nobody else gains or loses by it more than their part of this fee.
          expect(earnedAfter(['data', 'common']) - earnedBefore(['data', 'common'])).toBeGreaterThanOrEqual(-slack);
        },
      ),
    );
  });

  it('pays an owner the same through one wallet or many, within a wei a share', () => {
    fc.assert(
      fc.property(period, fc.integer({ min: 2, max: 999 }), (input, permille) => {
        const [one, two] = [`0x${'1'.padStart(40, '0')}`, `0x${'f'.repeat(40)}`] as [`0x${string}`, `0x${string}`];
        const divide = (list: { account: `0x${string}`; weight: number }[]) =>
          list.flatMap(({ account, weight }) => {
            const part = Math.floor((weight * permille) / 1_000);
            return account === one
              ? [
                  { account, weight: weight - part },
                  { account: two, weight: part },
                ]
              : [{ account, weight }];
          });
        const split = {
          ...input,
          receipts: input.receipts.map((entry) => ({
            ...{ ...entry, shares: divide(entry.shares) },
            poolBy: typeof entry.poolBy === 'string' ? entry.poolBy : divide(entry.poolBy),
          })),
          rowPools: input.rowPools.map((entry) => ({ ...entry, weights: divide(entry.weights) })),
        };
        const paid = (lines: ReturnType<typeof buildPeriod>['lines'], owns: (account: string) => boolean) =>
          sum(
            lines
              .filter((line) => ['data', 'common'].includes(line.role) && owns(line.account))
              .map((line) => line.amountWei),
          );
        const [joined, divided] = [buildPeriod(input), buildPeriod(split)];
        const gain =
          paid(divided.lines, (account) => account === one || account === two) -
          paid(joined.lines, (account) => account === one);
        const most = BigInt(2 * input.receipts.length + input.rowPools.length);
        expect(gain <= most && gain >= -most).toBe(true);
      }),
    );
  });

  it('pays bases their royalties up the lineage, and the Datanet’s stakers half of the validators’ part', () => {
    const wallets = Array.from({ length: 6 }, (_, i) => `0x${String(i + 1).repeat(40)}` as Address);
    const [owner, base, root, vault, curator, app] = wallets as [Address, Address, Address, Address, Address, Address];
    const receipt: PeriodReceipt = {
      ...{ id: 'r', modelId: 'm', hash: `0x${'1'.repeat(64)}`, feeWei: 1n, modelOwner: owner, commonPpm: 0 },
      ...{
        poolBy: 'shares',
        shares: [{ account: curator, weight: 1_000_000 }],
        datanets: [{ id: 7n, stakers: vault, weight: 1 }],
      },
      split: { data: 2_000, model: 6_001, app: 0, infra: 0, validators: 1_999 },
      validators: [{ account: curator, weight: 1 }],
      royalties: [
        { account: base, bps: 3_000 },
        { account: root, bps: 5_000 },
      ],
    };
    const rest = { ...noFees, rowPools: [], previousLeaves: [], appAccount: app, infraAccount: app };
    const paid = (one: PeriodReceipt) =>
      buildPeriod({ ...rest, netWei: 10_000n, receipts: [one] }).lines.map((line) => [
        line.role,
        line.account,
        line.amountWei,
      ]);
    expect(paid(receipt)).toEqual([
      ['data', curator, 2_000n],
      ['royalty', base, 900n], // 30 % of 6,001 are 1,800, of which half goes on
      ['royalty', root, 900n],
      ['model', owner, 4_201n],
      ['stakers', vault, 999n],
      ['validators', curator, 1_000n],
    ]);
    // In a mix each Datanet's stakers have their part, and one without stakers leaves it to who accepted the rows.
    const mixed = {
      ...receipt,
      datanets: [
        { id: 7n, stakers: vault, weight: 300 },
        { id: 8n, stakers: null, weight: 700 },
      ],
    };
    expect(paid(mixed).slice(4)).toEqual([
      ['stakers', vault, 300n], // of 999
      ['validators', curator, 1_699n],
    ]);
    // The same owner twice has one line, and whoever owns all of it loses nothing.
    const own = {
      ...receipt,
      datanets: plain.datanets,
      royalties: receipt.royalties.map(({ bps }) => ({ account: owner, bps })),
    };
    expect(paid(own).filter(([, account]) => account === owner)).toEqual([
      ['royalty', owner, 1_800n],
      ['model', owner, 4_201n],
    ]);
  });

  it('pays the models of a merge by weight times the royalty that each asks, and their bases out of that', () => {
    const [owner, one, two, base, other] = ['1', '2', '3', '4', '5'].map((n) => `0x${n.repeat(40)}` as Address) as [
      ...[Address, Address, Address, Address, Address],
    ];
    const receipt: PeriodReceipt = {
      ...{ id: 'r', modelId: 'm', hash: `0x${'1'.repeat(64)}`, feeWei: 1n, modelOwner: owner, commonPpm: 0 },
      ...{ poolBy: 'shares', shares: [{ account: other, weight: 1_000_000 }], ...plain },
      split: { data: 2_000, model: 8_000, app: 0, infra: 0, validators: 0 },
      validators: [{ account: other, weight: 1 }],
      merged: [
        { weightPpm: 700_000, royalties: [{ account: one, bps: 1_000 }] },
        {
          weightPpm: 300_000,
          royalties: [
            { account: two, bps: 5_000 },
            { account: base, bps: 2_500 },
          ],
        },
        { weightPpm: 0, royalties: [] }, // asks nothing
      ],
    };
    const rest = { ...noFees, rowPools: [], previousLeaves: [], appAccount: other, infraAccount: other };
    const { lines } = buildPeriod({ ...rest, netWei: 10_003n, receipts: [receipt] });
    // 8,002 wei are the model's (0.4 of a wei goes by largest remainder); 5,601 weigh for the first, 2,400 for the second.
    expect(lines.map(({ role, account, amountWei }) => [role, account, amountWei])).toEqual([
      ['data', other, 2_001n],
      ['royalty', one, 560n],
      ['royalty', two, 900n],
      ['royalty', base, 300n],
      ['model', owner, 6_242n],
    ]);
  });

  it('counts for Datanets, never falling, exactly the fees of the receipts whose Datanet is on chain', () => {
    fc.assert(
      fc.property(period, (input) => {
        const { datanetFees } = buildPeriod(input);
        const gross = sum(input.receipts.map(({ feeWei }) => feeWei));
        const before = new Map(input.previousFees.map((fee) => [fee.datanet, fee.cumulativeWei]));
        const added = datanetFees.map(({ datanet, cumulativeWei }) => cumulativeWei - (before.get(datanet) ?? 0n));
        expect(added.every((wei) => wei >= 0n)).toBe(true);
        const weightOf = (datanets: PeriodReceipt['datanets']) => sum(datanets.map(({ weight }) => BigInt(weight)));
        const onChain = (datanets: PeriodReceipt['datanets']) => datanets.filter(({ id }) => id !== null);
        const charged = sum(
          input.receipts.map(({ datanets, feeWei }) => (feeWei * weightOf(onChain(datanets))) / weightOf(datanets)),
        );
        const off = sum(added) * gross - input.protocolFeeWei * charged;
        expect(off >= -8n * gross && off <= 8n * gross).toBe(true); // a wei a Datanet, and of what was charged one a part
        const isAll = input.receipts.every(({ datanets }) => onChain(datanets).length === datanets.length);
        if (isAll && gross > 0n) expect(sum(added)).toBe(input.protocolFeeWei);
      }),
    );
  });

  it('refuses a receipt that comes twice or out of order when it cannot look at all of them', () => {
    fc.assert(
      fc.property(period, (input) => {
        const twice = [...input.receipts, input.receipts[0]!];
        expect(() => payPeriod({ ...input, receipts: twice }, () => {})).toThrow('comes after');
      }),
      { numRuns: 20 },
    );
  });

  it('refuses money without an owner', () => {
    const lost = {
      ...{ ...plain, id: 'r', modelId: 'mdl_1', commonPpm: 0, poolBy: 'shares' as const },
      hash: `0x${'1'.repeat(64)}` as const,
      feeWei: 1n,
      modelOwner: `0x${'1'.repeat(40)}` as const,
    };
    const input = {
      ...noFees,
      netWei: 1n,
      rowPools: [],
      previousLeaves: [],
      appAccount: lost.modelOwner,
      infraAccount: lost.modelOwner,
    };
    const noShares = {
      ...lost,
      split: { data: 1, model: 0, app: 0, infra: 0, validators: 0 },
      shares: [],
      validators: [],
    };
    expect(() => buildPeriod({ ...input, receipts: [noShares] })).toThrow('all weights are zero');
    expect(() => buildPeriod({ ...input, receipts: [] })).toThrow('needs a receipt');
    const common = { ...noShares, commonPpm: 1_000_000 };
    expect(() => buildPeriod({ ...input, receipts: [common] })).toThrow('all weights are zero');
    const byRows = { ...common, poolBy: 'rows' as const };
    expect(() => buildPeriod({ ...input, receipts: [byRows] })).toThrow('no owner');
    const nobody = { modelId: 'mdl_1', weights: [] };
    expect(() => buildPeriod({ ...input, rowPools: [nobody], receipts: [byRows] })).toThrow('all weights are zero');
  });
});
