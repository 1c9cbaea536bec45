import { and, eq, sql } from 'drizzle-orm';
import { datanetRoles } from '#db/schema/datanets.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { registryIdOf } from './chain-facts.ts';
import { OwnerIsCuratorError, QuorumUnreachableError } from './errors.ts';
import { getChainTerms } from './get-chain-terms.ts';
import type { DatanetTerms } from './get-datanet-terms.ts';
import { getOwnedDatanet } from './get-owned-datanet.ts';
import type { SetDatanetRoleInput } from './schema.ts';

/**
 * Grants or takes a role. Only the owner may. Doing it twice changes nothing.
 *
 * @throws {QuorumUnreachableError} the registry asks for more curators than would be left.
 * @throws {OwnerIsCuratorError} the owner needs no role.
 */
export async function setDatanetRole(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: SetDatanetRoleInput,
): Promise<{ datanetId: string; slug: string }> {
  const { address: account } = assertAccount(actor);
  const datanet = await getOwnedDatanet(deps.db, input.datanetId, account, 'appoint curators and validators');
  if (input.address === datanet.owner) throw new OwnerIsCuratorError();
  const { address, role } = input;
  if (input.granted) {
    const row = { datanetId: datanet.id, address, role, grantedAt: deps.now() };
    await deps.db.insert(datanetRoles).values(row).onConflictDoNothing();
  } else {
    if (role === 'curator') await requireReachable(deps, datanet, address);
    const sameRole = and(eq(datanetRoles.address, address), eq(datanetRoles.role, role));
    await deps.db.delete(datanetRoles).where(and(eq(datanetRoles.datanetId, datanet.id), sameRole));
  }
  return { datanetId: datanet.id, slug: datanet.slug };
}

/** Who stays is who has the role here and on chain, and the owner. Index look-ups; nothing to check before the registration. */
async function requireReachable({ db }: Pick<Deps, 'db'>, datanet: DatanetTerms, leaving: string): Promise<void> {
  const { rows } = await db.execute<{ id: string | null }>(
    sql`select ${registryIdOf(sql`${datanet.metaHash}`, sql`${datanet.owner}`)} as id`,
  );
  const registryId = rows[0]?.id ?? null;
  if (registryId === null) return;
  const { policy, curators } = await getChainTerms(db, registryId);
  const onChain = datanet.curators.filter((curator) => curator !== leaving && curators.includes(curator));
  const left = new Set([datanet.owner, ...onChain]).size;
  if (curators.includes(leaving as `0x${string}`) && left < policy.curatorQuorum)
    throw new QuorumUnreachableError(left, policy.curatorQuorum);
}
