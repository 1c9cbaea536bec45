import { createHash } from 'node:crypto';
import type { Address, Hex } from 'viem';
import type { PeriodTerms, ReceiptEntry } from '../../../lib/rewards/period-schema.ts';

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

const models = 500;
const split = { data: 6_000, model: 2_000, app: 200, infra: 800, validators: 500 };

/**
 * Receipts as a busy network would have them, in the order of their ids: each answer pays three people of its rows by name and
 * the same again for what it left to the common pool, its model's owner, the gateway, two curators and the stakers of its Datanet.
 * `accounts` people are paid in turn, so that with 3 x receipts >= accounts everybody has a leaf. The same for the same numbers.
 */
export function* randomReceipts({
  receipts,
  accounts,
}: {
  receipts: number;
  accounts: number;
}): Generator<ReceiptEntry> {
  const random = generator(1);
  const whole = (below: number) => Math.floor(random() * below);
  for (let i = 0; i < receipts; i++) {
    const model = whole(models);
    const first = whole(500_000);
    const second = whole(300_000);
    const weights = [first, second, 900_000 - first - second];
    yield {
      id: `rcp_${i.toString(36).padStart(10, '0')}`,
      modelId: `mdl_${model}`,
      versionId: `dv_${model}`,
      hash: `0x${createHash('sha256').update(String(i)).digest('hex')}` as Hex,
      channelId: null,
      feeWei: (10n ** 15n + BigInt(whole(2 ** 31)) * 10n ** 6n).toString(),
      modelOwner: addressOf(0xfff00000 + model),
      split,
      shares: weights.map((weight, k): [Address, number] => [addressOf(1 + ((3 * i + k) % accounts)), weight]),
      commonPpm: 100_000,
      poolBy: 'shares',
    };
  }
}

/** The terms of a period of receipts that were charged `grossWei` together: every model has its Datanet, and that its stakers. */
export function randomTerms(grossWei: bigint): PeriodTerms {
  const ofEach = <T>(prefix: string, make: (i: number) => T) =>
    Object.fromEntries(Array.from({ length: models }, (_, i) => [`${prefix}_${i}`, make(i)]));
  const hash = `0x${'0'.repeat(64)}` as Hex;
  const feeWei = grossWei / 20n;
  return {
    ...{ version: 3, chainId: 31_337, number: 1, protocolFeeBps: 500, stakeBlock: 1 },
    ...{ attributionLedger: addressOf(1), revenueRouter: addressOf(2) },
    ...{ grossWei: grossWei.toString(), protocolFeeWei: feeWei.toString(), netWei: (grossWei - feeWei).toString() },
    ...{ appAccount: addressOf(0xffd00000), infraAccount: addressOf(0xffd00001) },
    ...{ previousRoot: null, previousFees: [], rowPools: {}, channels: [] },
    validators: ofEach('dv', (i): [Address, number][] => [
      [addressOf(0xffe00000 + 2 * i), 100 + i],
      [addressOf(0xffe00001 + 2 * i), 500],
    ]),
    datanets: ofEach('dv', (i) => ({ id: String(i + 1), metaCid: hash, stakers: addressOf(0xffc00000 + i) })),
    models: ofEach('mdl', () => ({ versionHash: hash, payees: [] })),
  };
}
