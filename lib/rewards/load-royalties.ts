import { and, asc, desc, eq, type SQL, sql } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { royaltyInForce } from '#lib/kernel/royalty-in-force.ts';
import { findTrainConfigs, type TrainConfig } from '#lib/model-factory/find-train-configs.ts';
import type { PeriodTerms } from './period-schema.ts';
import type { SettlementDeps } from './settlement-deps.ts';

/** ModelRegistry.MAX_DEPTH. */
const maxDepth = 4;

type RoyaltyDeps = Pick<SettlementDeps, 'db' | 'chain'>;
type ModelTerms = PeriodTerms['models'][string];

/**
 * What models owe to the owners of other models, by model, from the chain's events: to their bases the bps that were frozen when their
 * versions were published, up the lineage (ModelRegistry, ROYALTIES). The registry knows one base a model; a merge owes each of its models,
 * by weight, the royalty that this one asked when the merge was published.
 */
export async function loadRoyalties(
  deps: RoyaltyDeps,
  models: readonly { id: string; versionHash: Hex }[],
): Promise<PeriodTerms['models']> {
  const ids = models.map(({ id }) => id);
  const made = await findTrainConfigs(deps.db, ids);
  const owed: PeriodTerms['models'] = {};
  for (const { id, versionHash } of models) {
    // Anybody may publish a copy later; the first was its owner's.
    const event = await findEvent(deps.db, published(versionHash), asc);
    const { text, merged } = made.get(id)!;
    const parts = event && merged.length > 0 ? { merged: await loadMerged(deps, event, merged) } : {};
    owed[id] = { versionHash, payees: await walk(deps.db, event?.args ?? null), trainConfig: text, ...parts };
  }
  return owed;
}

/** What a merge owes to each of its models: what this one asked when the merge was published, and so up its lineage. */
async function loadMerged(
  deps: RoyaltyDeps,
  merge: Event,
  merged: TrainConfig['merged'],
): Promise<NonNullable<ModelTerms['merged']>> {
  const owed: NonNullable<ModelTerms['merged']> = [];
  for (const model of merged) {
    const version = (await findEvent(deps.db, published(model.versionHash), asc))?.args;
    const bps = version ? await royaltyAt(deps, String(version.id), merge) : 0;
    const payees = version && bps > 0 ? await payeesOf(deps.db, version, bps) : [];
    owed.push({ ...model, payees });
  }
  return owed;
}

async function payeesOf(db: DatabaseOrTransaction, version: Args, bps: number): Promise<[Address, number][]> {
  return [[await findOwner(db, String(version.id)), bps], ...(await walk(db, version))];
}

type Args = Record<string, string | number | boolean>;
type Event = { args: Args; blockNumber: number; logIndex: number };

/** ModelRegistry.royaltyOf a model when the event was in the chain; from events and block times, which need no archive. */
async function royaltyAt({ db, chain }: RoyaltyDeps, model: string, event: Event): Promise<number> {
  const until = sql`(${chainEvents.blockNumber}, ${chainEvents.logIndex}) < (${event.blockNumber}, ${event.logIndex})`;
  const announced = await db
    .select({ args: chainEvents.args, blockNumber: chainEvents.blockNumber })
    .from(chainEvents)
    .where(and(ofRegistry('RoyaltyAnnounced'), ofModel(model), until))
    .orderBy(chainEvents.blockNumber, chainEvents.logIndex);
  const timeOf = async (block: number) => Number((await chain.getBlock({ blockNumber: BigInt(block) })).timestamp);
  const announcements = [];
  for (const { args, blockNumber } of announced)
    announcements.push({
      ...{ bps: Number(args.bps), effectiveAt: Number(args.effectiveAt), at: await timeOf(blockNumber) },
    });
  return announcements.length === 0 ? 0 : royaltyInForce(announcements, await timeOf(event.blockNumber));
}

async function walk(db: DatabaseOrTransaction, published: Args | null): Promise<[Address, number][]> {
  const payees: [Address, number][] = [];
  for (let version = published; version && payees.length < maxDepth; ) {
    const frozen = await findArgs(db, 'RoyaltyFrozen', ofVersion(version.id, version.number));
    if (!frozen || Number(frozen.bps) === 0) break;
    payees.push([await findOwner(db, String(frozen.base)), Number(frozen.bps)]);
    version = await findArgs(db, 'VersionPublished', ofVersion(frozen.base, version['version.baseVersion']));
  }
  return payees;
}

async function findOwner(db: DatabaseOrTransaction, model: string): Promise<Address> {
  const event =
    (await findArgs(db, 'OwnerChanged', ofModel(model))) ?? (await findArgs(db, 'ModelRegistered', ofModel(model)));
  const owner = event?.to ?? event?.owner;
  if (owner === undefined) throw new RangeError(`the chain's events do not say who owns the model ${model}`);
  return String(owner) as Address;
}

type EventName = 'VersionPublished' | 'RoyaltyFrozen' | 'RoyaltyAnnounced' | 'OwnerChanged' | 'ModelRegistered';

const ofRegistry = (name: EventName) => and(eq(chainEvents.contract, 'modelRegistry'), eq(chainEvents.name, name));
const ofModel = (model: string) => sql`${chainEvents.args} ->> 'id' = ${model}`;
const ofVersion = (id: Args[string] | undefined, number: Args[string] | undefined) =>
  sql`${chainEvents.args} ->> 'id' = ${String(id)} and ${chainEvents.args} ->> 'number' = ${String(number)}`;
const published = (versionHash: Hex) => and(ofRegistry('VersionPublished'), eq(chainEvents.subject, versionHash));

/** Arguments of the newest of these events. */
async function findArgs(db: DatabaseOrTransaction, name: EventName, which: SQL): Promise<Args | null> {
  return (await findEvent(db, and(ofRegistry(name), which), desc))?.args ?? null;
}

/** The first or the newest of these events. */
async function findEvent(
  db: DatabaseOrTransaction,
  which: SQL | undefined,
  order: typeof asc | typeof desc,
): Promise<Event | null> {
  const [row] = await db
    .select({ args: chainEvents.args, blockNumber: chainEvents.blockNumber, logIndex: chainEvents.logIndex })
    .from(chainEvents)
    .where(which)
    .orderBy(order(chainEvents.blockNumber), order(chainEvents.logIndex))
    .limit(1);
  return row ?? null;
}
