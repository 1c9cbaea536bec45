import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type LineageAct, lineageRoles, roleShares, roleWeights } from './role-shares.ts';

const address = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const act = fc.record({ role: fc.constantFrom(...lineageRoles), account: fc.integer({ min: 1, max: 6 }).map(address) });
const lineage = fc.array(act, { minLength: 1, maxLength: 14 });
const ppm = fc.integer({ min: 0, max: 1_000_000 });
const amounts = (shares: { sharePpm: number }[]) => shares.map((share) => share.sharePpm);
const totals = (shares: { account: string; sharePpm: number }[]) => {
  const sums = new Map<string, number>();
  for (const { account, sharePpm } of shares) sums.set(account, (sums.get(account) ?? 0) + sharePpm);
  return sums;
};

describe('roleShares', () => {
  it('gives away exactly the share of the row, and never less than nothing', () => {
    fc.assert(
      fc.property(ppm, lineage, (sharePpm, acts) => {
        const parts = amounts(roleShares(sharePpm, acts));
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(sharePpm);
        expect(parts.every((part) => part >= 0)).toBe(true);
      }),
    );
  });

  it('knows no owners: whoever did an act, the amounts are the same', () => {
    fc.assert(
      fc.property(ppm, lineage, fc.array(fc.nat(1000), { minLength: 14, maxLength: 14 }), (sharePpm, acts, wallets) => {
        const moved = acts.map(({ role }, i): LineageAct => ({ role, account: address(wallets[i]! + 1) }));
        expect(amounts(roleShares(sharePpm, moved))).toEqual(amounts(roleShares(sharePpm, acts)));
      }),
    );
  });

  it('moves no ppm of anybody else when somebody divides his acts over wallets', () => {
    fc.assert(
      fc.property(ppm, lineage, (sharePpm, acts) => {
        const splitter = acts[0]!.account;
        const split = acts.map((one, i) => (one.account === splitter ? { ...one, account: address(100 + i) } : one));
        const [before, after] = [totals(roleShares(sharePpm, acts)), totals(roleShares(sharePpm, split))];
        let own = 0;
        for (const [account, sum] of after) {
          if (before.has(account)) expect(sum).toBe(before.get(account));
          else own += sum;
        }
        expect(own).toBe(before.get(splitter));
      }),
    );
  });

  it('is indifferent to where in a row’s life its other roles were done', () => {
    fc.assert(
      fc.property(ppm, lineage, (sharePpm, acts) => {
        const byRole = lineageRoles.flatMap((role) => acts.filter((one) => one.role === role));
        const sorted = (shares: ReturnType<typeof roleShares>) =>
          shares.map((share) => `${share.role} ${share.account} ${share.sharePpm}`).sort();
        expect(sorted(roleShares(sharePpm, byRole))).toEqual(sorted(roleShares(sharePpm, acts)));
      }),
    );
  });

  it('never lets more acts of one role take from another role', () => {
    fc.assert(
      fc.property(ppm, lineage, fc.integer({ min: 1, max: 20 }), (sharePpm, acts, more) => {
        const last = acts.at(-1)!;
        const others = (shares: ReturnType<typeof roleShares>) => shares.filter(({ role }) => role !== last.role);
        const longer = roleShares(sharePpm, [...acts, ...Array<LineageAct>(more).fill(last)]);
        expect(others(longer)).toEqual(others(roleShares(sharePpm, acts)));
      }),
    );
  });

  it.each([
    ['a plain row', ['collect'], [1_000_000]],
    ['a reviewed row', ['collect', 'review'], [950_000, 50_000]],
    ['a cleaned row', ['collect', 'review', 'clean', 'review'], [760_000, 20_000, 200_000, 20_000]],
    ['a translation', ['collect', 'translate'], [500_000, 500_000]],
  ] as const)('pays %s by the published weights', (_, roles, expected) => {
    const acts = roles.map((role, i): LineageAct => ({ role, account: address(i + 1) }));
    expect(amounts(roleShares(1_000_000, acts))).toEqual(expected);
  });

  it('leaves the contributor at least a third when every role was done', () => {
    const all = lineageRoles.map((role, i): LineageAct => ({ role, account: address(i + 1) }));
    const [collector] = roleShares(1_000_000, all);
    expect(collector!.sharePpm).toBeGreaterThanOrEqual(333_333);
    expect(Object.values(roleWeights).every((weight) => Number.isInteger(weight) && weight > 0)).toBe(true);
  });

  it('refuses a row that nobody made', () => {
    expect(() => roleShares(10, [])).toThrow(RangeError);
  });
});
