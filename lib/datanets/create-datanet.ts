import { eq } from 'drizzle-orm';
import { datanets } from '#db/schema/datanets.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { DatanetSlugTakenError } from './errors.ts';
import { metaHashOf } from './meta-hash.ts';
import type { CreateDatanetInput } from './schema.ts';

/** `license`: an SPDX identifier; the form offers open ones, a private file has `LicenseRef-private`. */
export type NewDatanet = Omit<CreateDatanetInput, 'license'> & { license: string };
export type CreatedDatanet = { id: string; slug: string; metaHash: `0x${string}` };

/**
 * Creates a Datanet that the actor owns. It takes contributions at once; registration on chain is the owner's next
 * transaction (`metaHash` is its argument). The same terms from the same owner give the same Datanet again.
 *
 * @throws {DatanetSlugTakenError} the slug belongs to other terms or another owner.
 */
export async function createDatanet(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: NewDatanet,
): Promise<CreatedDatanet> {
  const { address: owner } = assertAccount(actor);
  const metaHash = metaHashOf(owner, input);
  const row = { ...input, id: newId(deps, 'datanet'), owner, metaHash, createdAt: deps.now() };
  await deps.db.insert(datanets).values(row).onConflictDoNothing();
  const [stored] = await deps.db
    .select({ id: datanets.id, slug: datanets.slug, metaHash: datanets.metaHash })
    .from(datanets)
    .where(eq(datanets.slug, input.slug));
  if (!stored || stored.metaHash !== metaHash) throw new DatanetSlugTakenError(input.slug);
  return { ...stored, metaHash };
}
