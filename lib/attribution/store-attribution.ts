import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import {
  attributionParts,
  attributionRows,
  attributionShares,
  attributionSpans,
  inferences,
  receipts,
} from '#db/schema/models.ts';
import type { AttributedShares } from '#lib/kernel/attribute-shares.ts';
import { contributorOf } from '#lib/kernel/contributor-of.ts';
import type { IssuedBody } from '#lib/kernel/receipt.ts';
import type { AnswerSpan } from './types.ts';

/** PostgreSQL takes 65,535 parameters a statement. */
const rowsAnInsert = 5000;

export type SignedReceipt = { body: IssuedBody; hash: string; signature: string };

/** Stores a receipt with what it says by row and account. False, and nothing is written, when there is one already. */
export async function storeAttribution(
  tx: DatabaseOrTransaction,
  { body, hash, signature }: SignedReceipt,
  attributed: AttributedShares,
  spans: readonly AnswerSpan[],
): Promise<boolean> {
  const { inferenceId } = body;
  const inserted = await tx
    .insert(receipts)
    .values({
      ...{ id: body.id, inferenceId, modelId: body.model.id, body, hash, signature },
      ...{ feeWei: BigInt(body.feeWei), createdAt: new Date(body.issuedAt) },
    })
    .onConflictDoNothing()
    .returning({ id: receipts.id });
  if (inserted.length === 0) return false;
  for (const part of inParts(attributed.rows)) {
    const rows = part.map(({ exampleId, score, sharePpm, roles }) => ({
      ...{ inferenceId, exampleId, score, sharePpm },
      contributor: contributorOf(roles),
    }));
    await tx.insert(attributionRows).values(rows);
  }
  for (const part of inParts(partsOf(attributed))) {
    await tx.insert(attributionParts).values(part.map((row) => ({ inferenceId, ...row })));
  }
  for (const part of inParts(attributed.shares)) {
    const shares = part.map(({ account, sharePpm }) => ({ inferenceId, contributor: account, sharePpm }));
    await tx.insert(attributionShares).values(shares);
  }
  for (const part of inParts(spans.map((span, rank) => ({ inferenceId, rank, ...span })))) {
    await tx.insert(attributionSpans).values(part);
  }
  await tx.update(inferences).set({ attributionStatus: 'done' }).where(eq(inferences.id, inferenceId));
  return true;
}

type Roles = AttributedShares['rows'][number]['roles'];

/** One entry an account and role of a row, above 0 ppm; a row that has influence and was read has both parts in one. */
function partsOf({ rows, retrieved }: AttributedShares) {
  const parts = new Map<string, { exampleId: string; sharePpm: number } & Pick<Roles[number], 'account' | 'role'>>();
  for (const { exampleId, roles } of [...rows, ...retrieved]) {
    for (const { role, account, sharePpm } of roles) {
      const key = `${exampleId} ${role} ${account}`;
      parts.set(key, { exampleId, role, account, sharePpm: sharePpm + (parts.get(key)?.sharePpm ?? 0) });
    }
  }
  return [...parts.values()].filter(({ sharePpm }) => sharePpm > 0);
}

function* inParts<T>(list: readonly T[]): Generator<T[]> {
  for (let i = 0; i < list.length; i += rowsAnInsert) yield list.slice(i, i + rowsAnInsert);
}
