import type { DatabaseOrTransaction } from '#db/client.ts';
import { harmEntries } from '#db/schema/lineage.ts';

/** What one answer says against rows: those with influence below three negative sigma, as the engine names them. */
export type AnswerHarm = {
  inferenceId: string;
  adapterId: string;
  rows: readonly { exampleId: string; score: bigint }[];
};

/**
 * Writes an answer's harmful rows into the harm ledger. They cost their contributors nothing: negative influence neither earns
 * nor is netted with what others or the same person earned (a second wallet would hold the negatives). It is evidence that
 * curators see beside a flag. Repeating it changes nothing. Call it in the transaction that stores the receipt.
 */
export async function recordHarm(
  tx: DatabaseOrTransaction,
  { inferenceId, adapterId, rows }: AnswerHarm,
): Promise<void> {
  if (rows.length === 0) return;
  const entries = rows.map(({ exampleId, score }) => ({ inferenceId, adapterId, exampleId, score }));
  await tx.insert(harmEntries).values(entries).onConflictDoNothing();
}
