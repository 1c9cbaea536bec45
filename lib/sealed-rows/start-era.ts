import { eq, sql } from 'drizzle-orm';
import { dataKeyWraps, datanetAccess } from '#db/schema/access.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { EraRefusedError } from './errors.ts';
import { listKeyHolders } from './get-sealed-keys.ts';
import type { StartEraInput } from './schema.ts';

/**
 * Begins an era: a new data key, made in the owner's browser and wrapped for the owner and every member in force, and for nobody else.
 * The first era opens the Datanet for rows; a later one follows when a member was removed, so that the old key opens no new row.
 *
 * @throws {EraRefusedError} not the next era, or not exactly these members. @throws {DatanetForbiddenError}
 */
export async function startEra(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { datanetId, era, wraps }: StartEraInput,
): Promise<{ era: number; slug: string }> {
  const { address: owner } = assertAccount(actor);
  const datanet = await getOwnedDatanet(deps.db, datanetId, owner, 'make new keys');
  return deps.db.transaction(async (tx) => {
    // Two eras at once wait here; so does a row's tier change.
    const [access] = await tx.select().from(datanetAccess).where(eq(datanetAccess.datanetId, datanet.id)).for('update');
    if (access?.tier !== 'encrypted') throw new EraRefusedError('This Datanet is not encrypted.');
    const { rows } = await tx.execute<{ newest: number }>(
      sql`select coalesce(max(era), 0)::int as newest from ${dataKeyWraps} where datanet_id = ${datanet.id}`,
    );
    if (era !== rows[0]!.newest + 1) throw new EraRefusedError('Somebody made a key in the meantime.');
    const holders = await listKeyHolders({ ...deps, db: tx }, actor, datanet.id);
    const wanted = [owner, ...holders.map(({ account }) => account)].sort();
    const given = wraps.map(({ account }) => account).sort();
    if (wanted.join() !== given.join()) throw new EraRefusedError('The members have changed.');
    const place = { datanetId: datanet.id, era, wrappedBy: owner, createdAt: deps.now() };
    await tx.insert(dataKeyWraps).values(wraps.map((wrap) => ({ ...place, ...wrap })));
    return { era, slug: datanet.slug };
  });
}
