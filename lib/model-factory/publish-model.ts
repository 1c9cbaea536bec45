import { eq, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { adapters, models, trainingRuns } from '#db/schema/models.ts';
import { getPublishable } from '#lib/evaluation/get-publishable.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { hashModelVersion } from '#lib/kernel/version-head.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import { assertLicence } from './assert-licence.ts';
import { findDatanetHeads, isLive } from './chain-facts.ts';
import { toChainSplit } from './chain-split.ts';
import {
  AdapterNotBetterError,
  ModelSlugTakenError,
  RunForbiddenError,
  RunNotFinishedError,
  RunNotFoundError,
  RunPublishedError,
  VersionNotAnchoredError,
} from './errors.ts';
import { findTrainingSet } from './find-training-set.ts';
import { lineageOf } from './lineage.ts';
import { listMergeParents } from './list-merge-parents.ts';
import { slugOf } from './rules.ts';
import type { PublishModelInput } from './schema.ts';
import type { PublishCall } from './types.ts';
import type { Family } from './versions/find-family.ts';
import { dropVersion, getFamily, storeVersion, versionSlug } from './versions/store-version.ts';

type PublishDeps = Pick<Deps, 'db' | 'store' | 'deployment' | 'now' | 'randomBytes'>;

/**
 * Lists the adapter of a finished run and returns what its owner's wallet must send to ModelRegistry. The model is live
 * when the chain has the version; until then the owner may call this again to change name, price and split, or to get
 * the same call once more (a refused signature loses nothing). What the version's hashes commit to is stored
 * content-addressed under the call's `cid`, the terms under its `metaCid`.
 *
 * @throws {RunNotFoundError | RunForbiddenError | RunNotFinishedError | AdapterNotBetterError | EvaluationPendingError |
 *   LicenceForbidsError | ModelVersionForbiddenError | VersionSplitError | EvaluationFailedError | GatesNotPassedError | AdapterChangedError | VersionNotAnchoredError | DataShareTooLowError | ModelSlugTakenError | RunPublishedError}
 */
export async function publishModel(deps: PublishDeps, actor: Actor, input: PublishModelInput): Promise<PublishCall> {
  const { address } = assertAccount(actor);
  const trained = await getTrained(deps, input.runId, address);
  const { run, adapter, version, datanet } = trained;
  assertLicence(datanet.license, input);
  const family = input.versionOf === undefined ? null : await getFamily(deps, input.versionOf, address, input);
  const datanetHeads = await anchoredHeads(deps, version.id);
  const heldOutIds = (await findTrainingSet(deps, adapter.id))!.heldOut.map((row) => row.id);
  const merged = await listMergeParents(deps.db, run.id);
  const lineage = lineageOf({ run, adapter, version, datanetHeads, heldOutIds, license: datanet.license, merged });
  const put = async (text: string) => (await putContent(deps.store, new TextEncoder().encode(text))).key;
  const { name, summary, split, inputWeiPerToken, outputWeiPerToken } = input;
  const call: PublishCall = {
    modelId: derivedId('model', run.id),
    slug: family ? await versionSlug(deps, family, derivedId('model', run.id)) : slugOf(name),
    registryId: family?.registryId ?? null,
    versionHash: hashModelVersion(lineage.version),
    kind: merged.length > 0 ? 3 : 2, // merged model, LoRA adapter
    base: 0n, // base models are not registered on chain
    split: toChainSplit(split, deps.deployment.config.protocolFeeBps),
    metaCid: await put(canonicalJson({ name, summary, split, inputWeiPerToken, outputWeiPerToken })),
    version: lineage.version,
    cid: await put(lineage.document),
  };
  await storeModel(deps, call, family, {
    name,
    summary,
    owner: address,
    adapterId: adapter.id,
    versionId: version.id,
    inputWeiPerToken: BigInt(inputWeiPerToken),
    outputWeiPerToken: BigInt(outputWeiPerToken),
    split,
  });
  return call;
}

/** Of a mix, every part must be on chain. @throws {VersionNotAnchoredError} */
async function anchoredHeads(deps: Pick<Deps, 'db'>, versionId: string): Promise<`0x${string}`[]> {
  return (await findDatanetHeads(deps.db, versionId)).map(({ head, slug, number }) => {
    if (!head) throw new VersionNotAnchoredError(slug, number);
    return head;
  });
}

/** The run with all that it was made from, when this account may publish it. */
async function getTrained(deps: Pick<Deps, 'db'>, runId: string, account: string) {
  const [row] = await deps.db
    .select({ run: trainingRuns, adapter: adapters, version: datanetVersions, datanet: datanets })
    .from(trainingRuns)
    .innerJoin(datanetVersions, eq(datanetVersions.id, trainingRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .leftJoin(adapters, eq(adapters.runId, trainingRuns.id))
    .where(eq(trainingRuns.id, runId));
  if (!row) throw new RunNotFoundError(runId);
  if (row.run.owner !== account) throw new RunForbiddenError();
  const { adapter } = row;
  if (row.run.status !== 'succeeded' || !adapter) throw new RunNotFinishedError(row.run.status);
  if (!(adapter.evalLoss < adapter.baseEvalLoss))
    throw new AdapterNotBetterError(adapter.evalLoss, adapter.baseEvalLoss);
  await getPublishable(deps.db, adapter);
  return { ...row, adapter };
}

type Terms = Omit<typeof models.$inferInsert, 'id' | 'slug' | 'versionHash' | 'createdAt'>;

async function storeModel(
  deps: Pick<Deps, 'db' | 'now' | 'randomBytes'>,
  call: PublishCall,
  family: Family | null,
  terms: Terms,
): Promise<void> {
  await deps.db.transaction(async (tx) => {
    // One at a time for a name and for a run, so that two clicks make one model and the loser reads why.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`model-slug:${call.slug}`}, 0))`);
    await refuseTakenSlug(tx, call);
    const [before] = await tx
      .select({ slug: models.slug, live: isLive })
      .from(models)
      .where(eq(models.id, call.modelId));
    if (before?.live) throw new RunPublishedError(before.slug);
    const values = { ...terms, slug: call.slug, versionHash: call.versionHash };
    await tx
      .insert(models)
      .values({ ...values, id: call.modelId, createdAt: deps.now() })
      .onConflictDoUpdate({ target: models.id, set: values });
    if (!family) await dropVersion(tx, call.modelId);
    else await storeVersion({ ...deps, db: tx }, family, { modelId: call.modelId, slug: call.slug });
  });
}

async function refuseTakenSlug(tx: DatabaseOrTransaction, call: PublishCall): Promise<void> {
  const [taken] = await tx.select({ id: models.id }).from(models).where(eq(models.slug, call.slug));
  if ((taken && taken.id !== call.modelId) || reservedSlugs.has(call.slug)) throw new ModelSlugTakenError(call.slug);
}

/** Names of pages under /models. */
const reservedSlugs = new Set(['new']);
