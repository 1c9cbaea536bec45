import { and, asc, eq, gt } from 'drizzle-orm';
import { sealedRows } from '#db/schema/access.ts';
import { examples } from '#db/schema/datanets.ts';
import { getReadAccess } from '#lib/access/get-read-access.ts';
import type { Page } from '#lib/datanets/types.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { type ListSealedRowsInput, listSealedRowsSchema } from './schema.ts';
import type { SealedRowView } from './types.ts';

/**
 * A page of an encrypted Datanet's rows, sealed, oldest first, for members alone: who is no member gets not even the ciphertexts, so
 * that a key which leaks one day opens nothing that was copied before. Keyset; any page costs the same.
 *
 * @throws {RowsClosedError}
 */
export async function listSealedRows(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: ListSealedRowsInput,
): Promise<Page<SealedRowView>> {
  const { datanetId, status, after, limit } = listSealedRowsSchema.parse(input);
  await getReadAccess(deps, actor, datanetId);
  const rows = await deps.db
    .select({ example: examples, sealed: sealedRows })
    .from(examples)
    .innerJoin(sealedRows, eq(sealedRows.exampleId, examples.id))
    .where(
      and(
        eq(examples.datanetId, datanetId),
        eq(examples.status, status),
        after === undefined ? undefined : gt(examples.id, after),
      ),
    )
    .orderBy(asc(examples.id))
    .limit(limit + 1);
  const items = rows.slice(0, limit).map(toView);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

type Hex = `0x${string}`;

function toView({
  example: { id, contributor, status, reason, createdAt },
  sealed: { era, fingerprint, ciphertext, wrappedKey },
}: {
  example: typeof examples.$inferSelect;
  sealed: typeof sealedRows.$inferSelect;
}): SealedRowView {
  return {
    ...{ id, status, reason, createdAt, era, contributor: contributor as Hex },
    ...{ fingerprint: fingerprint as Hex, ciphertext: ciphertext as Hex, wrappedKey: wrappedKey as Hex | null },
  };
}
