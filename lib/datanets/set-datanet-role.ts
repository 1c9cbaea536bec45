import { and, eq } from 'drizzle-orm';
import { datanetRoles } from '#db/schema/datanets.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { OwnerIsCuratorError } from './errors.ts';
import { getOwnedDatanet } from './get-owned-datanet.ts';
import type { SetDatanetRoleInput } from './schema.ts';

/**
 * Grants or takes a role. Only the owner may. Doing it twice changes nothing.
 *
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
    const sameRole = and(eq(datanetRoles.address, address), eq(datanetRoles.role, role));
    await deps.db.delete(datanetRoles).where(and(eq(datanetRoles.datanetId, datanet.id), sameRole));
  }
  return { datanetId: datanet.id, slug: datanet.slug };
}
