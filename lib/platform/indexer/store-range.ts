import { createHash } from 'node:crypto';
import { and, eq, inArray, lt, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainBlocks, chainEvents } from '#db/schema/settlement.ts';
import { makeId } from '#lib/kernel/ids.ts';
import type { Deployment } from '../deployment.ts';
import { postLedger } from '../ledger/post-ledger.ts';
import type { ChainEvent } from './decode-log.ts';
import type { IndexedRange } from './fetch-range.ts';
import { ledgerPosting, type PostingContext } from './ledger-postings.ts';

const rowsPerInsert = 1_000;
/** Blocks without events older than this are not kept; a deeper reorg rolls back to the next older stored block. */
const keptBlocks = 256;

/** Writes a range with its ledger postings, in the caller's transaction. */
export async function storeRange(
  tx: DatabaseOrTransaction,
  deployment: Deployment,
  { blocks, events }: IndexedRange,
): Promise<void> {
  const complete = await withBatchRoots(tx, events);
  await tx.insert(chainBlocks).values(blocks);
  for (let i = 0; i < complete.length; i += rowsPerInsert) {
    await tx.insert(chainEvents).values(complete.slice(i, i + rowsPerInsert));
  }
  await postEvents(tx, deployment, blocks, complete);
  await pruneBlocks(tx, blocks.at(-1)!.number);
}

/** Adds `root` and `count` to BatchAccepted: the contract names the batch only, its proposal has both. */
async function withBatchRoots(tx: DatabaseOrTransaction, events: readonly ChainEvent[]): Promise<ChainEvent[]> {
  const complete: ChainEvent[] = [];
  for (const event of events) {
    if (event.contract !== 'datanetRegistry' || event.name !== 'BatchAccepted') {
      complete.push(event);
      continue;
    }
    const { id, batch } = event.args;
    const proposal =
      events.find((other) => other.name === 'BatchProposed' && other.args.id === id && other.args.batch === batch) ??
      (await findProposal(tx, String(id), String(batch)));
    const root = String(proposal?.args.root ?? '');
    const args = { ...event.args, ...(proposal ? { root, count: proposal.args.count ?? 0 } : {}) };
    complete.push({ ...event, subject: root, args });
  }
  return complete;
}

async function findProposal(tx: DatabaseOrTransaction, id: string, batch: string) {
  const [row] = await tx
    .select({ args: chainEvents.args })
    .from(chainEvents)
    .where(
      and(
        eq(chainEvents.contract, 'datanetRegistry'),
        eq(chainEvents.name, 'BatchProposed'),
        sql`${chainEvents.args} ->> 'id' = ${id} and ${chainEvents.args} ->> 'batch' = ${batch}`,
      ),
    );
  return row;
}

async function postEvents(
  tx: DatabaseOrTransaction,
  deployment: Deployment,
  blocks: IndexedRange['blocks'],
  events: readonly ChainEvent[],
): Promise<void> {
  const context = await postingContext(tx, deployment, events);
  const timestamps = new Map(blocks.map((block) => [block.number, block.timestamp]));
  for (const event of events) {
    const posting = ledgerPosting(event, context);
    if (!posting) continue;
    const atMs = timestamps.get(event.blockNumber)! * 1000;
    // From the key, not from chance: a replay must give equal rows.
    const id = makeId('ledger', atMs, createHash('sha256').update(posting.key).digest());
    await postLedger(tx, { ...posting, id, at: new Date(atMs), blockNumber: event.blockNumber });
  }
}

/** Receivers of the channels that these events touch; `events` are stored already, so one query finds them all. */
async function postingContext(
  tx: DatabaseOrTransaction,
  deployment: Deployment,
  events: readonly ChainEvent[],
): Promise<PostingContext> {
  const router = deployment.addresses.revenueRouter.toLowerCase();
  const channelIds = new Set<string>();
  for (const { contract, args } of events)
    if (contract === 'inferenceChannels' && args.id) channelIds.add(String(args.id));
  const opened = channelIds.size
    ? await tx
        .select({ id: chainEvents.subject })
        .from(chainEvents)
        .where(
          and(
            eq(chainEvents.name, 'Opened'),
            inArray(chainEvents.subject, [...channelIds]),
            sql`${chainEvents.args} ->> 'receiver' = ${router}`,
          ),
        )
    : [];
  const ours = new Set(opened.map(({ id }) => id));
  const inferenceChannels = deployment.addresses.inferenceChannels.toLowerCase();
  return { router, inferenceChannels, isOurChannel: (id) => ours.has(id) };
}

async function pruneBlocks(tx: DatabaseOrTransaction, tip: number): Promise<void> {
  if (tip % 16 !== 0) return;
  await tx
    .delete(chainBlocks)
    .where(
      and(
        lt(chainBlocks.number, tip - keptBlocks),
        sql`not exists (select 1 from ${chainEvents} e where e.block_number = ${chainBlocks.number})`,
      ),
    );
}
