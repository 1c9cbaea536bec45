import { and, eq, gt, isNull } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { accessGrants, datanetAccess } from '#db/schema/access.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { RowsClosedError, RowsSealedError } from './errors.ts';
import type { AccessPart, ReadAccess, Tier } from './types.ts';

/** `db` may be a transaction. */
type AccessDeps = Pick<Deps, 'now'> & { db: DatabaseOrTransaction };

/**
 * What `actor` may do with the rows of a Datanet. Everything that hands out text of rows asks here. One index look-up for a public
 * Datanet, three more for a private one. Grants end by the clock of this server.
 */
export async function findReadAccess(deps: AccessDeps, actor: Actor, datanetId: string): Promise<ReadAccess> {
  const [closed] = await deps.db.select().from(datanetAccess).where(eq(datanetAccess.datanetId, datanetId));
  if (!closed) return { tier: 'public', part: 'none', mayRead: true, mayContribute: true, until: null };
  const { tier } = closed;
  if (actor.kind === 'system') return { tier, part: 'none', mayRead: true, mayContribute: false, until: null };
  if (actor.kind !== 'account') return { tier, ...closedTo('none') };
  const terms = await getDatanetTerms(deps.db, datanetId);
  if (terms.owner === actor.address) return { tier, ...openTo('owner') };
  const grant = await findGrant(deps, datanetId, actor.address);
  // The owner's appointment opens what the server can open; a key to encrypted rows takes a request and a grant as everybody's.
  if (tier !== 'encrypted' && terms.curators.includes(actor.address)) return { tier, ...openTo('curator') };
  if (!grant) return { tier, ...closedTo('none') };
  return { tier, part: 'member', mayRead: tier !== 'compute', mayContribute: true, until: grant.expiresAt };
}

/**
 * The same where only readers may go on.
 *
 * @throws {RowsClosedError}
 */
export async function getReadAccess(deps: AccessDeps, actor: Actor, datanetId: string): Promise<ReadAccess> {
  const access = await findReadAccess(deps, actor, datanetId);
  if (!access.mayRead && access.tier !== 'public') throw new RowsClosedError(access.tier);
  return access;
}

/**
 * Where the server itself reads text on somebody's behalf: a training, an estimate, an attack on a copy.
 *
 * @throws {RowsClosedError | RowsSealedError}
 */
export async function getTextAccess(deps: AccessDeps, actor: Actor, datanetId: string): Promise<{ tier: Tier }> {
  const access = await getReadAccess(deps, actor, datanetId);
  if (access.tier === 'encrypted') throw new RowsSealedError();
  return access;
}

const openTo = (part: AccessPart) => ({ part, mayRead: true, mayContribute: true, until: null });
const closedTo = (part: AccessPart) => ({ part, mayRead: false, mayContribute: false, until: null });

async function findGrant({ db, now }: AccessDeps, datanetId: string, grantee: string) {
  const [grant] = await db
    .select({ expiresAt: accessGrants.expiresAt })
    .from(accessGrants)
    .where(
      and(
        eq(accessGrants.datanetId, datanetId),
        eq(accessGrants.grantee, grantee),
        isNull(accessGrants.revokedAt),
        gt(accessGrants.expiresAt, now()),
      ),
    )
    .limit(1);
  return grant;
}
