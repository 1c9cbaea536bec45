import { and, eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { sealedRows } from '#db/schema/access.ts';
import { datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { rowChecks } from '#db/schema/guard.ts';
import { trainingEvents, trainingRuns } from '#db/schema/models.ts';
import { rowPerplexities } from '#db/schema/perplexity.ts';
import { rowSalt, saltedHash } from '#lib/kernel/row-salt.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { findOrAddSaltKey } from '../find-salt-key.ts';

type Hex = `0x${string}`;
type Example = typeof examples.$inferSelect;

/**
 * Destroys what the database holds of a row's text: the text with its search words, its plain hash (in whose place the salted one stands,
 * by which alone the server still knows the words when they come again), a sealed row's ciphertext and key, the guard's scorecard, and
 * samples of trainings that quote it. In the caller's transaction; twice does nothing more.
 */
export async function eraseStoredText(
  deps: Pick<Deps, 'now' | 'randomBytes'>,
  tx: DatabaseOrTransaction,
  example: Example,
): Promise<void> {
  await eraseSamples(tx, example);
  const isErased = Object.keys(example.data).length === 0 && !(await isSealed(tx, example.id));
  if (!isErased) {
    const secret = await findOrAddSaltKey(deps, tx, example.datanetId);
    const textHash = example.contentHash as Hex;
    const contentHash = saltedHash(rowSalt(secret, textHash), textHash);
    await tx.update(examples).set({ data: {}, contentHash }).where(eq(examples.id, example.id));
  }
  await tx.delete(rowChecks).where(eq(rowChecks.exampleId, example.id));
  await tx.delete(rowPerplexities).where(eq(rowPerplexities.exampleId, example.id));
  await tx
    .update(sealedRows)
    .set({ wrappedKey: null, ciphertext: '0x', fingerprint: sql`repeat('0', 66)` })
    .where(eq(sealedRows.exampleId, example.id));
}

async function isSealed(tx: DatabaseOrTransaction, exampleId: string): Promise<boolean> {
  const [row] = await tx.select().from(sealedRows).where(eq(sealedRows.exampleId, exampleId));
  return row !== undefined && row.wrappedKey !== null;
}

/** Runs show how the model answers a held-out question as it learns; the question may be this row's. */
async function eraseSamples(tx: DatabaseOrTransaction, example: Example): Promise<void> {
  const texts = Object.values(example.data);
  if (texts.length === 0) return;
  const runs = tx
    .select({ id: trainingRuns.id })
    .from(trainingRuns)
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(versionExamples, eq(versionExamples.versionId, datanetVersions.id))
    .where(eq(versionExamples.exampleId, example.id));
  await tx
    .delete(trainingEvents)
    .where(
      and(
        eq(trainingEvents.type, 'sample'),
        inArray(trainingEvents.runId, runs),
        sql`${trainingEvents.data} ->> 'prompt' = any(${sql.param(texts)}::text[])`,
      ),
    );
}
