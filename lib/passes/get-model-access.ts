import { and, desc, eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { modelPasses } from '#db/schema/model-passes.ts';
import { findOffer } from './find-offer.ts';
import { getPassFamily } from './get-pass-family.ts';
import { stateOfPass } from './rules.ts';
import type { ModelAccess, Pass } from './types.ts';

const shownMax = 200;

/**
 * Who may ask a model, and an account's own passes for it; its owner sees those of all. In force first, then newest, at most 200.
 *
 * @param viewer an account, lower-case; null for a visitor
 * @throws {ModelNotFoundError}
 */
export async function getModelAccess(
  deps: { db: DatabaseOrTransaction; now(): Date },
  name: string,
  viewer: string | null,
): Promise<ModelAccess> {
  const family = await getPassFamily(deps.db, name);
  const offer = await findOffer(deps.db, family.id);
  const isOwner = family.owner === viewer;
  const passes = viewer ? await listPasses(deps, family.id, isOwner ? null : viewer) : [];
  const holds = !isOwner && passes.some(({ state }) => state === 'usable');
  return { name: family.name, offer, isOwner, mayAsk: offer.access === 'everybody' || isOwner || holds, passes };
}

const inForce = (now: Date) => sql`${modelPasses.revokedAt} is null
  and (${modelPasses.until} > ${now.toISOString()}::timestamptz or ${modelPasses.answersLeft} > 0)`;

async function listPasses(
  { db, now }: { db: DatabaseOrTransaction; now(): Date },
  familyId: string,
  holder: string | null,
): Promise<Pass[]> {
  const rows = await db
    .select()
    .from(modelPasses)
    .where(and(eq(modelPasses.familyId, familyId), holder ? eq(modelPasses.holder, holder) : undefined))
    .orderBy(sql`coalesce(${inForce(now())}, false) desc`, desc(modelPasses.id))
    .limit(shownMax);
  return rows.map(({ id, holder: whose, source, priceWei, receiptId, createdAt, ...row }) => ({
    ...{ id, holder: whose as `0x${string}`, source, state: stateOfPass(row, now()), priceWei, receiptId },
    ...{ until: row.until?.toISOString() ?? null, answers: row.answers, answersLeft: row.answersLeft },
    createdAt: createdAt.toISOString(),
  }));
}
