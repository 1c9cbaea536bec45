import type { Address } from 'viem';
import { BPS, PPM, splitByLargestRemainder } from '#lib/kernel/money.ts';
import type { PeriodInput, PeriodReceipt, ReceiptDatanet, Royalty, Weighted } from './period-receipt.ts';
import type { EarningRole, RewardLine, SplitRole } from './types.ts';

const roles: readonly SplitRole[] = ['data', 'model', 'app', 'infra', 'validators'];
/** Of the validators' part: who vouches for a Datanet with stake has half of it, who accepted its rows the other half. */
const stakersShare = 2n;

/** Pays one receipt's part; returns what of it is left to the people of the version's rows, wei. */
export function payReceipt(
  input: Pick<PeriodInput, 'appAccount' | 'infraAccount'>,
  receipt: PeriodReceipt,
  netWei: bigint,
  pay: (line: RewardLine) => void,
): bigint {
  if (netWei === 0n) return 0n;
  const { id: receiptId, modelId, poolBy, shares, split } = receipt;
  const parts = splitByLargestRemainder(
    netWei,
    roles.map((role) => BigInt(split[role])),
  );
  const [namedWei, commonWei] = divideData(parts[0]!, receipt);
  const share = (role: EarningRole, amountWei: bigint, payees: readonly Weighted[]) =>
    shareOut(amountWei, payees, (account, part) => pay({ modelId, receiptId, role, account, amountWei: part }));
  const give = (role: EarningRole, amountWei: bigint, account: Address) =>
    share(role, amountWei, [{ account, weight: 1 }]);
  share('data', namedWei, shares);
  if (poolBy !== 'rows') share('common', commonWei, poolBy === 'shares' ? shares : poolBy);
  const royalties = divideRoyalties(parts[1]!, receipt);
  let ownWei = parts[1]!;
  for (const [account, amountWei] of royalties) {
    ownWei -= amountWei;
    give('royalty', amountWei, account);
  }
  give('model', ownWei, receipt.modelOwner);
  give('app', parts[2]!, receipt.app ?? input.appAccount);
  give('infra', parts[3]!, input.infraAccount);
  let validatorsWei = parts[4]!;
  for (const [account, amountWei] of divideStakers(parts[4]! / stakersShare, receipt.datanets)) {
    validatorsWei -= amountWei;
    give('stakers', amountWei, account);
  }
  share('validators', validatorsWei, receipt.validators);
  return poolBy === 'rows' ? commonWei : 0n;
}

/** Each Datanet's part of what stakers get, by weight; one without stakers leaves its part to those who accepted the rows. */
function divideStakers(amountWei: bigint, datanets: readonly ReceiptDatanet[]): [Address, bigint][] {
  if (datanets.every(({ stakers }) => stakers === null)) return [];
  const parts = splitByLargestRemainder(
    amountWei,
    datanets.map(({ weight }) => BigInt(weight)),
  );
  return datanets.flatMap(({ stakers }, i) => (stakers ? [[stakers, parts[i]!] satisfies [Address, bigint]] : []));
}

/** Divides by weight over the payees in the order of their addresses; who gets nothing is left out. */
export function shareOut(
  amountWei: bigint,
  payees: readonly Weighted[],
  give: (account: Address, amountWei: bigint) => void,
): void {
  if (amountWei === 0n) return;
  if (payees.length === 1 && payees[0]!.weight > 0) {
    give(payees[0]!.account, amountWei);
    return;
  }
  const sorted = isSorted(payees) ? payees : [...payees].sort((a, b) => (a.account < b.account ? -1 : 1));
  const amounts = splitByLargestRemainder(
    amountWei,
    sorted.map((payee) => BigInt(payee.weight)),
  );
  for (let i = 0; i < sorted.length; i++) if (amounts[i]! > 0n) give(sorted[i]!.account, amounts[i]!);
}

/** What is paid by name, and what is left to the pool; the pool gets the odd wei. */
function divideData(dataWei: bigint, { shares, commonPpm }: PeriodReceipt): [namedWei: bigint, commonWei: bigint] {
  if (commonPpm === 0) return [dataWei, 0n];
  const namedPpm = BigInt(shares.reduce((sum, share) => sum + share.weight, 0));
  const namedWei = (dataWei * namedPpm) / (namedPpm + BigInt(commonPpm));
  return [namedWei, dataWei - namedWei];
}

/**
 * What owners of other models get of a model's part (ModelRegistry, ROYALTIES): the base its bps, rounded down, of which it passes its own
 * base's bps on, and so up the chain. A model of a merge stands to its part by weight, rounded down, as a base to the whole. One amount an
 * account.
 */
function divideRoyalties(modelWei: bigint, { royalties, merged = [] }: PeriodReceipt): Map<Address, bigint> {
  const amounts = new Map<Address, bigint>();
  const add = (account: Address, wei: bigint) => amounts.set(account, (amounts.get(account) ?? 0n) + wei);
  const passUp = (wei: bigint, chain: readonly Royalty[]): void => {
    let receivedWei = wei;
    chain.forEach(({ account, bps }, i) => {
      const partWei = (receivedWei * BigInt(bps)) / BPS;
      if (i > 0) add(chain[i - 1]!.account, -partWei);
      add(account, partWei);
      receivedWei = partWei;
    });
  };
  passUp(modelWei, royalties);
  for (const one of merged) passUp((modelWei * BigInt(one.weightPpm)) / PPM, one.royalties);
  return amounts;
}

function isSorted(payees: readonly Weighted[]): boolean {
  return payees.every(({ account }, i) => i === 0 || payees[i - 1]!.account <= account);
}
