import { and, eq } from 'drizzle-orm';
import { goldRows } from '#db/schema/guard.ts';
import { findTwin } from '#lib/contributions/find-twin.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { RoundNotPossibleError } from './errors.ts';
import { goldHash } from './gold-hash.ts';
import type { AddGoldRowInput } from './schema.ts';

/**
 * Adds a row whose right verdict the owner knows. It is put among others in rounds and never published. The same words a second
 * time change nothing. A row that is like another one of the Datanet is refused: who looks would find that one and know.
 *
 * @throws {RoundNotPossibleError} a field is missing, or the row is like another one.
 * @throws {DatanetForbiddenError | DatanetNotFoundError | NotSignedInError}
 */
export async function addGoldRow(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: AddGoldRowInput,
): Promise<{ added: boolean }> {
  const { address: addedBy } = assertAccount(actor);
  const datanet = await getOwnedDatanet(deps.db, input.datanetId, addedBy, 'add gold rows');
  const data = Object.fromEntries(datanet.fields.map(({ name }) => [name, (input.data[name] ?? '').trim()]));
  const empty = datanet.fields.find(({ name }) => data[name] === '');
  if (empty)
    throw new RoundNotPossibleError(`“${empty.label}” of the gold row is empty. Write it as a row would have it.`);
  const { verdict, why } = input;
  const row = { id: newId(deps, 'goldRow'), datanetId: datanet.id, data, verdict, why, addedBy, createdAt: deps.now() };
  const contentHash = goldHash(data);
  const twins = and(eq(goldRows.datanetId, datanet.id), eq(goldRows.contentHash, contentHash));
  if ((await deps.db.select({ id: goldRows.id }).from(goldRows).where(twins)).length > 0) return { added: false };
  if (await findTwin(deps.db, datanet, data)) {
    throw new RoundNotPossibleError(
      'A row of the Datanet or another gold row says the same, so validators would know it. Write one of its own.',
    );
  }
  const added = await deps.db
    .insert(goldRows)
    .values({ ...row, contentHash })
    .onConflictDoNothing()
    .returning({ id: goldRows.id });
  return { added: added.length > 0 };
}
