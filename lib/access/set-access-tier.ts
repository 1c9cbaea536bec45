import { eq, sql } from 'drizzle-orm';
import { datanetAccess } from '#db/schema/access.ts';
import { datanets, examples } from '#db/schema/datanets.ts';
import { getOwnedDatanet } from '#lib/datanets/get-owned-datanet.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { TierChangeRefusedError } from './errors.ts';
import type { SetAccessTierInput } from './schema.ts';
import type { Tier } from './types.ts';

/** Stricter tiers come later. Encrypted is apart: rows are made that way, or are not. */
const order: readonly Tier[] = ['public', 'gated', 'compute'];

/**
 * Makes a Datanet private, or more private. Only the owner may. Once there are rows it never opens again, because their authors gave
 * them under the old promise; and it becomes encrypted only while it has none, because the server has read what is there.
 *
 * @throws {TierChangeRefusedError | DatanetForbiddenError | DatanetNotFoundError}
 */
export async function setAccessTier(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { datanetId, tier }: SetAccessTierInput,
): Promise<{ datanetId: string; slug: string }> {
  const { address: setBy } = assertAccount(actor);
  const datanet = await getOwnedDatanet(deps.db, datanetId, setBy, 'say who reads the rows');
  return deps.db.transaction(async (tx) => {
    // Contributions share-lock this row by their foreign key, so none arrives between the look and the change.
    await tx.select({ id: datanets.id }).from(datanets).where(eq(datanets.id, datanet.id)).for('update');
    const [before] = await tx.select().from(datanetAccess).where(eq(datanetAccess.datanetId, datanet.id));
    const { rows } = await tx.execute<{ any: boolean }>(
      sql`select exists (select 1 from ${examples} e where e.datanet_id = ${datanet.id}) as any`,
    );
    const why = whyNot(before?.tier ?? 'public', tier, rows[0]!.any);
    if (why) throw new TierChangeRefusedError(why);
    const row = { datanetId: datanet.id, tier, setBy, setAt: deps.now() };
    await tx.insert(datanetAccess).values(row).onConflictDoUpdate({ target: datanetAccess.datanetId, set: row });
    return { datanetId: datanet.id, slug: datanet.slug };
  });
}

function whyNot(from: Tier, to: Tier, hasRows: boolean): string | null {
  if (from === to || !hasRows) return null;
  if (to === 'encrypted')
    return 'There are rows that this server has read, so they cannot become encrypted. Create an encrypted Datanet and contribute them there.';
  if (from === 'encrypted') return 'This server has no key to the rows, so it cannot give them to anybody else.';
  if (order.indexOf(to) < order.indexOf(from))
    return 'The authors gave their rows under a stricter promise. A Datanet with rows never becomes more open.';
  return null;
}
