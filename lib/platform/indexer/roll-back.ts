import { asc, desc, gt, lte } from 'drizzle-orm';
import type { PublicClient } from 'viem';
import { BlockNotFoundError } from 'viem';
import type { Database } from '#db/client.ts';
import { chainBlocks, chainEvents, ledgerTransactions } from '#db/schema/settlement.ts';
import { fetchBlock, type IndexedBlock } from './fetch-range.ts';

/** Forgets everything above `height`: blocks, events, and the ledger postings that mirror them, in one transaction. */
export async function rollBack(db: Database, height: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(ledgerTransactions).where(gt(ledgerTransactions.blockNumber, height));
    await tx.delete(chainEvents).where(gt(chainEvents.blockNumber, height));
    await tx.delete(chainBlocks).where(gt(chainBlocks.number, height));
  });
}

/**
 * The newest stored block that the chain still has, or null when it has none of them (another chain, or one that was
 * started anew). Steps back 1, 2, 4, … blocks: going further than needed is harmless, it is indexed again.
 */
export async function findFork(db: Database, chain: PublicClient): Promise<IndexedBlock | null> {
  let block = await storedTip(db);
  for (let step = 1; block; step *= 2) {
    if (await isCanonical(chain, block)) return block;
    const [older]: IndexedBlock[] = await db
      .select()
      .from(chainBlocks)
      .where(lte(chainBlocks.number, block.number - step))
      .orderBy(desc(chainBlocks.number))
      .limit(1);
    block = older ?? (await oldestBelow(db, block));
  }
  return null;
}

export async function storedTip(db: Database): Promise<IndexedBlock | null> {
  const [tip] = await db.select().from(chainBlocks).orderBy(desc(chainBlocks.number)).limit(1);
  return tip ?? null;
}

export async function oldestStored(db: Database): Promise<IndexedBlock | null> {
  const [oldest] = await db.select().from(chainBlocks).orderBy(asc(chainBlocks.number)).limit(1);
  return oldest ?? null;
}

export async function isCanonical(chain: PublicClient, block: IndexedBlock): Promise<boolean> {
  try {
    return (await fetchBlock(chain, block.number)).hash === block.hash;
  } catch (error) {
    if (error instanceof BlockNotFoundError) return false;
    throw error;
  }
}

/** The last resort of the doubling steps: they may jump over the oldest stored block. */
async function oldestBelow(db: Database, block: IndexedBlock): Promise<IndexedBlock | null> {
  const oldest = await oldestStored(db);
  return oldest && oldest.number < block.number ? oldest : null;
}
