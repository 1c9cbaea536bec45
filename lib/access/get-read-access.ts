import { and, eq, gt, inArray, isNull, or } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { accessGrants, datanetAccess } from '#db/schema/access.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { mixes, mixParts } from '#db/schema/mixes.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { RowsClosedError, RowsSealedError } from './errors.ts';
import type { AccessPart, ReadAccess, Tier } from './types.ts';

/** `db` may be a transaction. */
type AccessDeps = Pick<Deps, 'now'> & { db: DatabaseOrTransaction };

/**
 * What `actor` may do with the rows of a Datanet. Everything that hands out text of rows asks here. One index look-up for a public
 * Datanet, three more for a private one. Of a mix: the least of what they may do with each of its parts, under the strictest tier among
 * them. Grants end by the clock of this server.
 */
export async function findReadAccess(deps: AccessDeps, actor: Actor, datanetId: string): Promise<ReadAccess> {
  const closed = await deps.db
    .select()
    .from(datanetAccess)
    .where(or(eq(datanetAccess.datanetId, datanetId), inArray(datanetAccess.datanetId, partsOf(deps.db, datanetId))));
  let least: ReadAccess = { tier: 'public', part: 'none', mayRead: true, mayContribute: true, until: null };
  for (const one of closed) least = lessOf(least, await findClosedAccess(deps, actor, one));
  return least;
}

/** Datanets that a mix is made of. */
function partsOf(db: DatabaseOrTransaction, datanetId: string) {
  return db
    .select({ id: datanetVersions.datanetId })
    .from(mixes)
    .innerJoin(mixParts, eq(mixParts.mixId, mixes.versionId))
    .innerJoin(datanetVersions, eq(datanetVersions.id, mixParts.versionId))
    .where(eq(mixes.datanetId, datanetId));
}

const strictness: Record<Tier, number> = { public: 0, gated: 1, encrypted: 2, compute: 3 };
const parts: AccessPart[] = ['none', 'member', 'curator', 'owner'];

function lessOf(a: ReadAccess, b: ReadAccess): ReadAccess {
  if (a.tier === 'public') return b;
  const until = [a.until, b.until].filter((time) => time !== null).sort((x, y) => x.getTime() - y.getTime())[0] ?? null;
  return {
    tier: strictness[a.tier] >= strictness[b.tier] ? a.tier : b.tier,
    part: parts[Math.min(parts.indexOf(a.part), parts.indexOf(b.part))]!,
    mayRead: a.mayRead && b.mayRead,
    mayContribute: a.mayContribute && b.mayContribute,
    until,
  };
}

async function findClosedAccess(
  deps: AccessDeps,
  actor: Actor,
  { datanetId, tier }: Pick<typeof datanetAccess.$inferSelect, 'datanetId' | 'tier'>,
): Promise<ReadAccess> {
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
