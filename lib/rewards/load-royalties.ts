import { and, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { PeriodTerms } from './period-schema.ts';

/** ModelRegistry.MAX_DEPTH. */
const maxDepth = 4;

/**
 * What models owe to the owners of their bases, by model, from the chain's events: the bps that were frozen when their versions
 * were published, up the lineage (ModelRegistry, ROYALTIES).
 */
export async function loadRoyalties(
  db: DatabaseOrTransaction,
  models: readonly { id: string; versionHash: Hex }[],
): Promise<PeriodTerms['models']> {
  const owed: PeriodTerms['models'] = {};
  for (const { id, versionHash } of models) {
    const payees = await walk(db, await findEvent(db, 'VersionPublished', eq(chainEvents.subject, versionHash)));
    owed[id] = { versionHash, payees };
  }
  return owed;
}

type Args = Record<string, string | number | boolean>;

async function walk(db: DatabaseOrTransaction, published: Args | null): Promise<[Address, number][]> {
  const payees: [Address, number][] = [];
  for (let version = published; version && payees.length < maxDepth; ) {
    const frozen = await findEvent(db, 'RoyaltyFrozen', ofVersion(version.id, version.number));
    if (!frozen || Number(frozen.bps) === 0) break;
    payees.push([await findOwner(db, String(frozen.base)), Number(frozen.bps)]);
    version = await findEvent(db, 'VersionPublished', ofVersion(frozen.base, version['version.baseVersion']));
  }
  return payees;
}

const ofVersion = (id: Args[string] | undefined, number: Args[string] | undefined) =>
  sql`${chainEvents.args} ->> 'id' = ${String(id)} and ${chainEvents.args} ->> 'number' = ${String(number)}`;

async function findOwner(db: DatabaseOrTransaction, model: string): Promise<Address> {
  const ofModel = sql`${chainEvents.args} ->> 'id' = ${model}`;
  const event = (await findEvent(db, 'OwnerChanged', ofModel)) ?? (await findEvent(db, 'ModelRegistered', ofModel));
  const owner = event?.to ?? event?.owner;
  if (owner === undefined) throw new RangeError(`the chain's events do not say who owns the base model ${model}`);
  return String(owner) as Address;
}

/** Arguments of the newest of these events. */
async function findEvent(
  db: DatabaseOrTransaction,
  name: 'VersionPublished' | 'RoyaltyFrozen' | 'OwnerChanged' | 'ModelRegistered',
  which: SQL,
): Promise<Args | null> {
  const [row] = await db
    .select({ args: chainEvents.args })
    .from(chainEvents)
    .where(and(eq(chainEvents.contract, 'modelRegistry'), eq(chainEvents.name, name), which))
    .orderBy(desc(chainEvents.blockNumber), desc(chainEvents.logIndex))
    .limit(1);
  return row?.args ?? null;
}
