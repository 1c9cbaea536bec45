import { createHash } from 'node:crypto';
import type { Address, Hex } from 'viem';
import type { PeriodInput, PeriodReceipt, Weighted } from '../../../lib/rewards/build-period.ts';

/** mulberry32: a small generator whose numbers are the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const addressOf = (n: number): Address => `0x${n.toString(16).padStart(40, '0')}`;

/**
 * A reward period as a busy network would have it: each answer pays three people of its rows by name and the same again for
 * what it left to the common pool, its model's owner, the gateway and two curators. `accounts` people are paid in turn, so
 * that with 3 x receipts >= accounts everybody has a leaf. The same for the same numbers.
 */
export function randomPeriod({ receipts, accounts }: { receipts: number; accounts: number }): PeriodInput {
  const random = generator(1);
  const whole = (below: number) => Math.floor(random() * below);
  const models = Array.from({ length: 500 }, (_, i) => ({
    modelId: `mdl_${i}`,
    modelOwner: addressOf(0xfff00000 + i),
    split: { data: 6_000, model: 2_000, app: 200, infra: 800, validators: 500 },
    validators: [0, 1].map((k): Weighted => ({ account: addressOf(0xffe00000 + 2 * i + k), weight: 100 + whole(900) })),
  }));
  const list = Array.from({ length: receipts }, (_, i): PeriodReceipt => {
    const first = whole(500_000);
    const second = whole(300_000);
    const weights = [first, second, 900_000 - first - second];
    return {
      ...models[whole(models.length)]!,
      id: `rcp_${i.toString(36).padStart(10, '0')}`,
      hash: `0x${createHash('sha256').update(String(i)).digest('hex')}` as Hex,
      feeWei: 10n ** 15n + BigInt(whole(2 ** 31)) * 10n ** 6n,
      shares: weights.map((weight, k) => ({ account: addressOf(1 + ((3 * i + k) % accounts)), weight })),
      commonPpm: 100_000,
      poolBy: 'shares',
      ...{ stakers: null, royalties: [], datanet: null },
    };
  });
  const grossWei = list.reduce((sum, { feeWei }) => sum + feeWei, 0n);
  return {
    netWei: grossWei - grossWei / 20n,
    protocolFeeWei: grossWei / 20n,
    previousFees: [],
    receipts: list,
    rowPools: [],
    previousLeaves: [],
    appAccount: addressOf(0xffd00000),
    infraAccount: addressOf(0xffd00001),
  };
}
