import type { LedgerAccount } from '../ledger/ledger-accounts.ts';
import type { ChainEvent } from './decode-log.ts';

export type EventPosting = {
  key: string;
  kind: string;
  entries: { account: LedgerAccount; amountWei: bigint }[];
};

/** What the projection must know besides the event. Addresses lower-case. */
export type PostingContext = {
  router: string;
  inferenceChannels: string;
  /** Channels whose receiver is our router. Others share the contract but are nobody's business here. */
  isOurChannel(channelId: string): boolean;
};

/**
 * The double-entry posting of one event, or null when it moves no money of ours. Pure: the same events give the same
 * postings, so the ledger's chain side can be dropped and replayed.
 */
export function ledgerPosting(event: ChainEvent, context: PostingContext): EventPosting | null {
  const move = moveOf(event, context);
  if (!move || move.amountWei === 0n) return null;
  const key = `event:${event.txHash}:${event.logIndex}`;
  return {
    key,
    kind: move.kind,
    entries: [
      { account: move.to, amountWei: move.amountWei },
      { account: move.from, amountWei: -move.amountWei },
      ...(move.also ?? []),
    ],
  };
}

/** `to` is debited, `from` credited. */
type Move = {
  kind: string;
  to: LedgerAccount;
  from: LedgerAccount;
  amountWei: bigint;
  also?: EventPosting['entries'];
};

function moveOf(event: ChainEvent, context: PostingContext): Move | null {
  if (event.contract === 'inferenceChannels') return channelMove(event, context);
  if (event.contract === 'attributionLedger') return ledgerMove(event, context);
  const { args } = event;
  if (event.contract === 'revenueRouter' && event.name === 'Flushed') {
    // The rest goes to the ledger, whose own Funded event says so.
    return { kind: 'protocol-fee', to: 'treasury', from: 'chain:router', amountWei: wei(args.fee) };
  }
  if (event.contract === 'openToken' && event.name === 'Transfer') {
    if (args.to !== context.router || args.from === context.inferenceChannels) return null;
    return { kind: 'donation', to: 'chain:router', from: 'donations', amountWei: wei(args.value) };
  }
  return null;
}

function channelMove({ name, args }: ChainEvent, context: PostingContext): Move | null {
  if (name === 'Settled') {
    if (args.receiver !== context.router) return null;
    return { kind: 'channel-settlement', to: 'chain:router', from: 'chain:channels', amountWei: wei(args.amount) };
  }
  const id = String(args.id);
  if (!context.isOurChannel(id)) return null;
  const channel: LedgerAccount = `channel:${id as `0x${string}`}`;
  const amountWei = args.amount === undefined ? 0n : wei(args.amount);
  if (name === 'Deposited') return { kind: 'deposit', to: 'chain:channels', from: channel, amountWei };
  if (name === 'Withdrawn') return { kind: 'withdrawal', to: channel, from: 'chain:channels', amountWei };
  if (name === 'Refunded') return { kind: 'refund', to: channel, from: 'chain:channels', amountWei };
  return null; // Claimed moves nothing yet: the tokens leave with Settled
}

function ledgerMove({ name, args }: ChainEvent, context: PostingContext): Move | null {
  const amountWei = args.amount === undefined ? 0n : wei(args.amount);
  switch (name) {
    case 'Funded': {
      const from = args.from === context.router ? 'chain:router' : 'donations';
      return { kind: 'funding', to: 'chain:ledger', from, amountWei };
    }
    case 'Claimed':
      return { kind: 'claim', to: `payable:${args.account as `0x${string}`}`, from: 'chain:ledger', amountWei };
    case 'BondPosted':
      return { kind: 'bond', to: 'chain:ledger', from: 'bonds', amountWei };
    case 'BondWithdrawn':
      return { kind: 'bond', to: 'bonds', from: 'chain:ledger', amountWei };
    case 'EpochChallenged':
      return { kind: 'bond', to: 'chain:ledger', from: 'bonds', amountWei: wei(args.bond) };
    case 'BondSlashed': {
      // The challenger's half stays a bond; the other half leaves to the treasury.
      const takenWei = amountWei - wei(args.reward);
      const also: Move['also'] = [
        { account: 'treasury', amountWei: takenWei },
        { account: 'revenue:slashed', amountWei: -takenWei },
      ];
      return { kind: 'slash', to: 'bonds', from: 'chain:ledger', amountWei: takenWei, also };
    }
    default:
      return null;
  }
}

const wei = (value: string | number | boolean | undefined) => BigInt(value as string | number);
