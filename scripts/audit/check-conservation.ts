import type { BookFacts } from './book-facts.ts';
import type { ChainFacts } from './chain-facts.ts';

/** One comparison; `left` and `right` must be equal to the wei. */
export type Check = { name: string; left: bigint; right: bigint };
export type Statement = { label: string; wei: bigint }[];
export type Conservation = { comesIn: Statement; isNow: Statement; checks: Check[] };

const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((a, b) => a + b, 0n);

/**
 * Where every wei that came in is now, and the equalities that must hold between the chain and the books. Pure. The
 * statement's two sides come from different places: what came in from logs, where it is from contract state and balances.
 */
export function checkConservation(chain: ChainFacts, books: BookFacts): Conservation {
  const charged = (id: string) => books.chargedBy.get(id) ?? 0n;
  const chargedWei = sum(chain.channels.map((channel) => charged(channel.id)));
  const balanceWei = sum(chain.channels.map((channel) => channel.balanceWei));
  const collectedWei = sum(chain.channels.map((channel) => channel.claimedWei));
  const leavesWei = sum(books.leaves.values());
  const comesIn: Statement = [
    { label: 'deposits into channels', wei: chain.depositedWei },
    { label: 'sent to the router by others', wei: chain.donatedToRouterWei },
    { label: 'funded by others', wei: chain.fundedByOthersWei },
  ];
  const isNow: Statement = [
    { label: 'given back to payers', wei: chain.withdrawnWei },
    { label: 'unspent deposits', wei: balanceWei - chargedWei },
    { label: 'charged, vouchers not claimed yet', wei: chargedWei - collectedWei },
    { label: 'claimed, not settled yet', wei: chain.dueWei },
    { label: 'in the router', wei: chain.inRouterWei },
    { label: 'protocol fees', wei: chain.feesWei },
    { label: 'claimed by payees', wei: chain.claimedWei },
    { label: 'claimable by payees', wei: chain.activeTotalWei - chain.claimedWei },
    { label: 'payable after the challenge window', wei: chain.headTotalWei - chain.activeTotalWei },
    { label: 'in the ledger, not in a root yet', wei: chain.fundedWei - chain.headTotalWei },
  ];
  // Claimed money left the channels' balance only by the settlement, so `balance` still counts what was settled.
  const settledFromBalance = collectedWei - chain.dueWei;
  const checks: Check[] = [
    { name: 'settled by the channels = received by the router', left: settledFromBalance, right: chain.settledWei },
    { name: 'comes in = is now', left: sum(comesIn.map((row) => row.wei)), right: sum(isNow.map((row) => row.wei)) },
    { name: 'sum of all ledger entries = 0', left: sum(books.balances.values()), right: 0n },
    { name: 'ledger transactions that do not sum to zero', left: BigInt(books.unbalanced.length), right: 0n },
    ...tokenChecks(chain, balanceWei - collectedWei),
    ...accountChecks(chain, books, balanceWei - collectedWei),
    ...receiptChecks(books),
    {
      name: 'sum of payees’ claims = claimed in the contract',
      left: sum(chain.claimedBy.values()),
      right: chain.claimedWei,
    },
    {
      name: 'leaves of the newest booked period ≥ newest root',
      left: smaller(leavesWei, chain.headTotalWei),
      right: chain.headTotalWei,
    },
  ];
  return { comesIn, isNow, checks };
}

/** What each contract holds is what it owes, and nothing else but stray transfers. */
function tokenChecks(chain: ChainFacts, freeWei: bigint): Check[] {
  const { inferenceChannels, attributionLedger } = chain.tokens;
  return [
    {
      name: 'tokens of InferenceChannels = free + due (+ others, stray)',
      left: inferenceChannels.balanceWei,
      right: freeWei + chain.dueWei + chain.othersWei + inferenceChannels.strayWei,
    },
    {
      name: 'tokens of AttributionLedger = funded - claimed + bonds (+ stray)',
      left: attributionLedger.balanceWei,
      right: chain.fundedWei - chain.claimedWei + chain.bondsWei + attributionLedger.strayWei,
    },
  ];
}

/** Each account of the double-entry ledger against the chain. */
function accountChecks(chain: ChainFacts, books: BookFacts, freeWei: bigint): Check[] {
  const balance = (account: string) => books.balances.get(account) ?? 0n;
  const bookedWei = sum(books.receipts.filter((receipt) => receipt.isBooked).map((receipt) => receipt.feeWei));
  const checks: Check[] = [
    { name: 'chain:channels', left: balance('chain:channels'), right: freeWei + chain.dueWei },
    { name: 'chain:router', left: balance('chain:router'), right: chain.inRouterWei },
    { name: 'chain:ledger', left: balance('chain:ledger'), right: chain.fundedWei - chain.claimedWei + chain.bondsWei },
    { name: 'treasury', left: balance('treasury'), right: chain.feesWei + chain.slashedToTreasuryWei },
    { name: 'bonds', left: -balance('bonds'), right: chain.bondsWei },
    { name: 'donations', left: -balance('donations'), right: chain.donatedToRouterWei + chain.fundedByOthersWei },
    { name: 'revenue:unsettled', left: -balance('revenue:unsettled'), right: sum(books.charges.values()) - bookedWei },
  ];
  for (const { id, balanceWei } of chain.channels) {
    checks.push({
      name: `channel:${id}`,
      left: -balance(`channel:${id}`),
      right: balanceWei - (books.chargedBy.get(id) ?? 0n),
    });
  }
  const payees = new Set([...books.leaves.keys(), ...chain.claimedBy.keys()]);
  for (const account of [...books.balances.keys()].filter((name) => name.startsWith('payable:')))
    payees.add(account.slice(8));
  for (const account of [...payees].sort()) {
    const owedWei = (books.leaves.get(account) ?? 0n) - (chain.claimedBy.get(account) ?? 0n);
    checks.push({ name: `payable:${account}`, left: -balance(`payable:${account}`), right: owedWei });
  }
  return checks;
}

/** Every paid receipt was charged once, at its fee, and is what was signed. */
function receiptChecks(books: BookFacts): Check[] {
  const wrong = books.receipts.filter((receipt) => !receipt.isIntact);
  const checks: Check[] = [
    { name: `receipts altered after signing ${wrong[0]?.id ?? ''}`.trim(), left: BigInt(wrong.length), right: 0n },
  ];
  for (const { id, chargedFor, feeWei } of books.receipts) {
    const chargedWei = books.charges.get(chargedFor) ?? 0n;
    if (chargedWei !== feeWei) checks.push({ name: `receipt ${id}: charged = fee`, left: chargedWei, right: feeWei });
  }
  return checks;
}

function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}
