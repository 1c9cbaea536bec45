import { and, desc, eq, inArray, or, type SQL, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainBlocks, chainEvents } from '#db/schema/settlement.ts';
import type { EventRow, ExplorerKind, Page } from './types.ts';

export const eventPageSize = 50;

/** Which events belong to a list, by contract and name. */
const eventNames: Partial<Record<ExplorerKind, Record<string, string[]>>> = {
  claims: { attributionLedger: ['Claimed'] },
  payments: {
    inferenceChannels: ['Opened', 'Deposited', 'Claimed', 'WithdrawRequested', 'Withdrawn', 'Refunded', 'Settled'],
  },
  periods: {
    attributionLedger: ['EpochSubmitted', 'EpochChallenged', 'EpochRevoked', 'EpochRenewed', 'Funded'],
    revenueRouter: ['Flushed'],
  },
};

export type EventFilter = { kind: ExplorerKind; tx?: string | undefined; account?: string | undefined };

/**
 * Events, newest first, in keyset pages (`block.logIndex`). With `account`, those that name it anywhere in their arguments:
 * that reads every event of the list, so it is for people, not for programs.
 */
export async function listEvents(
  db: DatabaseOrTransaction,
  filter: EventFilter,
  cursor?: string,
): Promise<Page<EventRow>> {
  const after = /^(\d{1,15})\.(\d{1,9})$/.exec(cursor ?? '');
  const place = sql`(${chainEvents.blockNumber}, ${chainEvents.logIndex})`;
  const rows = await db
    .select({ event: chainEvents, timestamp: chainBlocks.timestamp })
    .from(chainEvents)
    .leftJoin(chainBlocks, eq(chainBlocks.number, chainEvents.blockNumber))
    .where(and(conditionOf(filter), after ? sql`${place} < (${Number(after[1])}, ${Number(after[2])})` : undefined))
    .orderBy(desc(chainEvents.blockNumber), desc(chainEvents.logIndex))
    .limit(eventPageSize + 1);
  const items = rows.slice(0, eventPageSize).map(({ event, timestamp }) => ({
    blockNumber: event.blockNumber,
    logIndex: event.logIndex,
    txHash: event.txHash as `0x${string}`,
    contract: event.contract,
    name: event.name,
    args: event.args,
    at: timestamp === null ? null : new Date(timestamp * 1000),
  }));
  const last = items.at(-1);
  return {
    items,
    nextCursor: rows.length > eventPageSize && last ? `${last.blockNumber}.${last.logIndex}` : null,
  };
}

/** How many events a filter matches. */
export async function countEvents(db: DatabaseOrTransaction, filter: EventFilter): Promise<number> {
  return db.$count(chainEvents, conditionOf(filter));
}

function conditionOf(filter: EventFilter): SQL | undefined {
  const names = Object.entries(eventNames[filter.kind] ?? {}).map(([contract, list]) =>
    and(eq(chainEvents.contract, contract), inArray(chainEvents.name, list)),
  );
  return and(
    names.length > 0 ? or(...names) : undefined,
    filter.tx ? eq(chainEvents.txHash, filter.tx) : undefined,
    filter.account
      ? sql`jsonb_path_exists(${chainEvents.args}, '$.* ? (@ == $account)', jsonb_build_object('account', ${filter.account}::text))`
      : undefined,
  );
}
