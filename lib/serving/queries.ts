import { and, desc, eq, type Placeholder, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { fineTuningJobs } from '#db/schema/fine-tuning.ts';
import { modelRoutes } from '#db/schema/model-routes.ts';
import { modelVersions } from '#db/schema/model-versions.ts';
import { adapters, models, trainingRuns } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import type { ChannelView, ServableModel } from './types.ts';

type ChannelRow = {
  id: `0x${string}`;
  payer: `0x${string}`;
  signer: `0x${string}`;
  delay: string | null;
  balance: string | null;
  claimed: string | null;
  withdrawing: string | null;
  withdraw_at: string | null;
  charged_wei: string | null;
  reserved_wei: string | null;
  voucher_wei: string | null;
};

/**
 * Channels that a payer opened towards `receiver`, newest first. The chain's side is the newest event of each kind (every
 * event carries the running total), the gateway's side is its `channels` row. The database's `payer_channels` (migration 0044)
 * says it, so that who reads them and who holds on them see the same. Cost: index look-ups, a few rows a channel.
 */
export async function listChannelsOf(
  db: DatabaseOrTransaction,
  payer: string,
  receiver: string,
): Promise<ChannelView[]> {
  const result = await db.execute<ChannelRow>(
    sql`select * from payer_channels(${payer.toLowerCase()}, ${receiver.toLowerCase()})`,
  );
  return result.rows.map(toChannelView);
}

function toChannelView(row: ChannelRow): ChannelView {
  const withdrawAt = Number(row.withdraw_at ?? '0');
  return {
    channelId: row.id,
    payer: row.payer,
    signer: row.signer,
    delaySeconds: Number(row.delay ?? '0'),
    depositWei: BigInt(row.balance ?? '0'),
    withdrawingWei: withdrawAt > 0 ? BigInt(row.withdrawing ?? '0') : 0n,
    withdrawAt: withdrawAt > 0 ? withdrawAt : null,
    claimedWei: BigInt(row.claimed ?? '0'),
    chargedWei: BigInt(row.charged_wei ?? '0'),
    reservedWei: BigInt(row.reserved_wei ?? '0'),
    voucherWei: BigInt(row.voucher_wei ?? '0'),
  };
}

/** What a channel can still hold for an answer: the deposit less withdrawals, charges and holds. Never negative. */
export function freeWeiOf(channel: ChannelView): bigint {
  const free = channel.depositWei - channel.withdrawingWei - channel.chargedWei - channel.reservedWei;
  return free > 0n ? free : 0n;
}

/** The account's channel that the wallet shows: the newest that still has money, else the newest. */
export async function findChannelForAccount(
  db: DatabaseOrTransaction,
  payer: string,
  receiver: string,
): Promise<ChannelView | null> {
  const all = await listChannelsOf(db, payer, receiver);
  return all.find((channel) => freeWeiOf(channel) > 0n) ?? all[0] ?? null;
}

const servable = {
  id: models.id,
  slug: sql<string>`case when exists (select 1 from ${modelVersions} v where v.model_id = ${models.id} and v.number = 1)
    then ${models.slug} || '@1' else ${models.slug} end`,
  name: models.name,
  owner: models.owner,
  adapterId: models.adapterId,
  versionId: models.versionId,
  datanetId: datanetVersions.datanetId,
  inputWeiPerToken: models.inputWeiPerToken,
  outputWeiPerToken: models.outputWeiPerToken,
  createdAt: models.createdAt,
  baseModel: adapters.baseModel,
  parent: sql<string>`coalesce((
    select p.slug from ${trainingRuns} r join ${adapters} a on a.run_id = r.forked_from_run_id join ${models} p on p.adapter_id = a.id
    where r.id = ${adapters.runId} and exists (
      select 1 from ${chainEvents} e where e.name = 'VersionPublished' and e.subject = p.version_hash)
    limit 1), ${adapters.baseModel})`,
  familyId: sql<string>`family_of(${models.id})`,
  access: sql<ServableModel['access']>`model_access(${models.id})`,
  canary: sql<ServableModel['canary']>`(
    select json_build_object('modelId', c.canary_id, 'percent', c.percent) from ${modelRoutes} c
    where c.model_id = family_of(${models.id}) order by c.id desc limit 1)`,
};

/** Condition: the chain has this model's version. A reorg that drops the event takes the model off the list. */
const isLive = sql`exists (select 1 from ${chainEvents} e where e.name = 'VersionPublished' and e.subject = ${models.versionHash})`;

/** Condition: trained by `viewer` on files of their own and not on chain. Nobody else learns that there is such a model. */
const isPrivateOf = (viewer: string | Placeholder) => sql`(not ${isLive} and ${models.owner} = ${viewer} and exists (
  select 1 from ${fineTuningJobs} j where j.model_id = ${models.id}))`;

/** Condition: live, or the viewer's own. Of a live one `access` says who may ask it (get-askable-model.ts); lists show it to all. */
const isShownTo = (viewer?: string | null) =>
  viewer ? sql`(${isLive} or ${isPrivateOf(viewer.toLowerCase())})` : isLive;

const selectServable = (db: DatabaseOrTransaction) =>
  db
    .select({ ...servable, isPrivate: sql<boolean>`not ${isLive}` })
    .from(models)
    .innerJoin(datanetVersions, eq(datanetVersions.id, models.versionId))
    .innerJoin(adapters, eq(adapters.id, models.adapterId));

/** Models that can be asked, newest first, also by holders of a pass alone; with `viewer` (an account) also that account's private ones. */
export async function listServableModels(
  db: DatabaseOrTransaction,
  limit = 200,
  viewer?: string | null,
): Promise<ServableModel[]> {
  const rows = await selectServable(db).where(isShownTo(viewer)).orderBy(desc(models.createdAt)).limit(limit);
  return rows as ServableModel[];
}

type FindServable = ReturnType<typeof prepareFindServable>;
const prepared = new WeakMap<DatabaseOrTransaction, FindServable>();

/** Planned once a connection: every answer asks it, and planning takes longer than the look-ups. */
function prepareFindServable(db: DatabaseOrTransaction) {
  const [name, viewer] = [sql.placeholder('name'), sql.placeholder('viewer')];
  return selectServable(db)
    .where(and(sql`(${isLive} or ${isPrivateOf(viewer)})`, sql`${models.id} = resolve_model(${name})`))
    .prepare('find_servable_model');
}

/**
 * A live model, or a private one of `viewer`, or null: by id, by `name@2` for a version, or by its name, for which the version answers that its owner
 * chose. Its `slug` names the version.
 */
export async function findServableModel(
  db: DatabaseOrTransaction,
  name: string,
  viewer?: string | null,
): Promise<ServableModel | null> {
  const find = prepared.get(db) ?? prepareFindServable(db);
  prepared.set(db, find);
  const [row] = await find.execute({ name, viewer: viewer?.toLowerCase() ?? null });
  if (!row) return null;
  // Who names a version asks that one; a canary stands in for a name.
  return name.includes('@') ? { ...(row as ServableModel), canary: null } : (row as ServableModel);
}
