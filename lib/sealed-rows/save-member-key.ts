import { eq, sql } from 'drizzle-orm';
import { dataKeyWraps, memberKeys } from '#db/schema/access.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { MemberKeyInUseError } from './errors.ts';
import type { SaveMemberKeyInput } from './schema.ts';

/**
 * Keeps the public half of one's key pair, and the private half as the browser encrypted it under a recovery code that the server never
 * sees. A pair that Datanets are sealed for is not replaced.
 *
 * @throws {MemberKeyInUseError | NotSignedInError}
 */
export async function saveMemberKey(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  { publicKey, backup }: SaveMemberKeyInput,
): Promise<{ publicKey: string }> {
  const { address: account } = assertAccount(actor);
  return deps.db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`member-key:${account}`}, 0))`);
    if ((await tx.$count(dataKeyWraps, eq(dataKeyWraps.account, account))) > 0) throw new MemberKeyInUseError();
    const row = { account, publicKey, backup, createdAt: deps.now() };
    await tx.insert(memberKeys).values(row).onConflictDoUpdate({ target: memberKeys.account, set: row });
    return { publicKey };
  });
}
