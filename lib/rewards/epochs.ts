import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';

export type EpochState = 'pending' | 'frozen' | 'active' | 'revoked';
/** An epoch of AttributionLedger, from its events. */
export type Epoch = {
  id: number;
  earningsRoot: string;
  receiptsRoot: string;
  totalWei: bigint;
  activeAt: Date;
  state: EpochState;
  txHash: string;
};

type EventRow = Pick<typeof chainEvents.$inferSelect, 'name' | 'args' | 'txHash' | 'blockNumber' | 'logIndex'>;
const newestMax = 200; // the contract never has more than 48 pending
/** What changes an epoch after its submission; rare. */
const changes = ['EpochRenewed', 'EpochRevoked', 'EpochChallenged', 'ChallengeRejected'] as const;

/**
 * Epochs, newest first, with the states that the contract's `stateOf` gives at `now`: those with one of `roots`, else the
 * newest 200. Cost: index look-ups, and all disputes there ever were.
 */
export async function listEpochs(
  db: DatabaseOrTransaction,
  now: Date,
  { roots }: { roots?: readonly string[] } = {},
): Promise<Epoch[]> {
  if (roots?.length === 0) return [];
  const { name, args, txHash, blockNumber, logIndex } = chainEvents;
  const select = () => db.select({ name, args, txHash, blockNumber, logIndex }).from(chainEvents);
  const ofLedger = eq(chainEvents.contract, 'attributionLedger');
  const wanted = roots ? inArray(chainEvents.subject, [...roots]) : undefined;
  const submitted = await select()
    .where(and(ofLedger, eq(chainEvents.name, 'EpochSubmitted'), wanted))
    .orderBy(desc(blockNumber), desc(logIndex))
    .limit(roots ? roots.length * 2 : newestMax);
  const changed = await select().where(and(ofLedger, inArray(chainEvents.name, [...changes])));
  const inOrder = [...submitted, ...changed].sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  return foldEpochs(inOrder, now);
}

/** Pure: the epochs that a history of events leads to. */
export function foldEpochs(events: readonly EventRow[], now: Date): Epoch[] {
  const epochs = new Map<number, Epoch>();
  const disputed = new Set<number>();
  for (const { name, args, txHash } of events) {
    const id = Number(args.id);
    if (name === 'EpochChallenged') disputed.add(id);
    if (name === 'ChallengeRejected' || name === 'EpochRevoked') disputed.delete(id);
    if (name === 'EpochSubmitted') epochs.set(id, submittedEpoch(id, args, txHash));
    const epoch = epochs.get(id);
    if (!epoch) continue;
    if (name === 'EpochRenewed') epoch.activeAt = new Date(Number(args.activeAt) * 1000);
    if (name === 'EpochRevoked') epoch.state = 'revoked';
  }
  const frozenFrom = Math.min(...disputed, Number.POSITIVE_INFINITY);
  for (const epoch of epochs.values()) {
    if (epoch.state === 'revoked') continue;
    if (epoch.id >= frozenFrom) epoch.state = 'frozen';
    else if (epoch.activeAt <= now) epoch.state = 'active';
  }
  return [...epochs.values()].sort((a, b) => b.id - a.id);
}

function submittedEpoch(id: number, args: EventRow['args'], txHash: string): Epoch {
  return {
    id,
    earningsRoot: String(args.earningsRoot),
    receiptsRoot: String(args.receiptsRoot),
    totalWei: BigInt(String(args.total)),
    activeAt: new Date(Number(args.activeAt) * 1000),
    state: 'pending',
    txHash,
  };
}

/** What an account has collected: the sum of its Claimed events. */
export async function claimedWeiOf(db: DatabaseOrTransaction, account: string): Promise<bigint> {
  const [row] = await db
    .select({ wei: sql<string>`coalesce(sum((${chainEvents.args} ->> 'amount')::numeric), 0)` })
    .from(chainEvents)
    .where(
      and(
        eq(chainEvents.contract, 'attributionLedger'),
        eq(chainEvents.name, 'Claimed'),
        eq(chainEvents.subject, account.toLowerCase()),
      ),
    );
  return BigInt(row?.wei ?? '0');
}
