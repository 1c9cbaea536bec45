import { and, eq, sql } from 'drizzle-orm';
import { createWalletClient, http, publicActions } from 'viem';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { trainingRuns } from '#db/schema/models.ts';
import { EvaluationPendingError } from '#lib/evaluation/errors.ts';
import { RunPublishedError, VersionNotAnchoredError } from '#lib/model-factory/errors.ts';
import { getModel } from '#lib/model-factory/model-queries.ts';
import { publishModel } from '#lib/model-factory/publish-model.ts';
import { getRun } from '#lib/model-factory/queries.ts';
import { recipePresets } from '#lib/model-factory/recipes.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';
import type { PublishCall } from '#lib/model-factory/types.ts';
import { chainOf } from '#lib/platform/chain/chains.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { devnetChainId } from '#lib/platform/env.ts';
import { devnetAccount, devnetActor } from './devnet-accounts.ts';

export type SeedModelDeps = Pick<
  Deps,
  'db' | 'store' | 'queue' | 'chain' | 'deployment' | 'env' | 'log' | 'now' | 'randomBytes'
>;

/**
 * Where the sample model stands. `not-here`: no devnet, or no sample data. `given-up`: its run failed or a person stopped it;
 * the run's page says why, and whoever resumes it has the model published then.
 */
export type SampleModelState = 'not-here' | 'training' | 'waiting-for-chain' | 'live' | 'given-up';

const owner = 9; // devnet account that trains and owns the sample model
const datanetSlug = 'threat-intelligence';
const idempotencyKey = 'sample-model/1';
const openPerToken = 10n ** 15n; // 1 OPEN for 1,000 tokens

/**
 * Takes the next step towards one live model on the sample Datanet, through the same use cases as everybody: starts its
 * run, and once the trainer has finished it, publishes it and sends the transaction as its owner's devnet account. Call it
 * again and again until it says `live`; killed anywhere, the next call goes on.
 */
export async function ensureSampleModel(deps: SeedModelDeps): Promise<SampleModelState> {
  if (deps.env.CHAIN_ID !== devnetChainId) return 'not-here'; // its keys are published
  const runId = (await findRun(deps)) ?? (await startRun(deps));
  if (!runId) return 'not-here';
  const run = await getRun(deps.db, runId);
  if (run.status === 'failed' || run.status === 'stopped') return 'given-up';
  if (run.status !== 'succeeded') return 'training';
  const { protocolFeeBps } = deps.deployment.config;
  if (run.modelSlug && (await getModel(deps.db, run.modelSlug, { protocolFeeBps })).live) return 'live';
  try {
    await publish(deps, runId);
  } catch (error) {
    if (error instanceof EvaluationPendingError) return 'training';
    // The index of events has not read the version's block yet, or read the publication's just now.
    if (!(error instanceof VersionNotAnchoredError || error instanceof RunPublishedError)) throw error;
  }
  return 'waiting-for-chain';
}

/** `ensureSampleModel` with a sentence about where it stands, for logs. */
export async function seedModel(
  deps: SeedModelDeps,
  options: { onStep(text: string): void },
): Promise<SampleModelState> {
  const state = await ensureSampleModel(deps);
  const sentences: Record<SampleModelState, string> = {
    'not-here': 'no sample model on this chain',
    training: 'the sample model is being trained',
    'waiting-for-chain': 'the sample model waits for the chain',
    live: 'the sample model is live',
    'given-up': 'the run of the sample model was stopped or failed; its page says why',
  };
  options.onStep(sentences[state]);
  return state;
}

async function findRun(deps: Pick<Deps, 'db'>): Promise<string | null> {
  const [run] = await deps.db
    .select({ id: trainingRuns.id })
    .from(trainingRuns)
    .where(and(eq(trainingRuns.owner, devnetActor(owner).address), eq(trainingRuns.idempotencyKey, idempotencyKey)));
  return run?.id ?? null;
}

async function startRun(deps: SeedModelDeps): Promise<string | null> {
  const [version] = await deps.db
    .select({ id: datanetVersions.id })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(and(eq(datanets.slug, datanetSlug), eq(datanetVersions.number, 1)));
  if (!version) return null;
  const { runId } = await startTrainingRun(deps, devnetActor(owner), {
    name: 'Threat answers',
    versionId: version.id,
    baseModel: 'openledger-nano',
    preset: 'balanced',
    recipe: recipePresets.balanced,
    idempotencyKey,
  });
  return runId;
}

async function publish(deps: SeedModelDeps, runId: string): Promise<void> {
  const call = await publishModel(deps, devnetActor(owner), {
    runId,
    name: 'Threat answers',
    summary: 'Short answers for defenders: phishing, malware, ransomware, detection and the craft of intelligence.',
    inputWeiPerToken: openPerToken.toString(),
    outputWeiPerToken: (2n * openPerToken).toString(),
    split: { data: 6_000, model: 2_000, app: 500, infra: 1_000, validators: 500 },
  });
  await deps.db.transaction(async (tx) => {
    // One sender at a time, whichever worker; the chain is asked because the index of events may be behind.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended('sample-model', 0))`);
    if (!(await isPublished(deps, call))) await send(deps, call);
  });
}

async function isPublished(deps: SeedModelDeps, call: PublishCall): Promise<boolean> {
  const events = await deps.chain.getContractEvents({
    address: deps.deployment.addresses.modelRegistry,
    abi: modelRegistryAbi,
    eventName: 'VersionPublished',
    fromBlock: BigInt(deps.deployment.startBlock),
    strict: true,
  });
  return events.some((event) => event.args.versionHash === call.versionHash);
}

/** Simulates, sends and waits until it is in a block. Throws when the chain refuses it. */
async function send(deps: SeedModelDeps, call: PublishCall): Promise<void> {
  const wallet = createWalletClient({
    account: devnetAccount(owner),
    chain: chainOf(deps.env.CHAIN_ID, deps.env.RPC_URL),
    transport: http(deps.env.RPC_URL),
    pollingInterval: 100,
  }).extend(publicActions);
  const { request } = await wallet.simulateContract({
    address: deps.deployment.addresses.modelRegistry,
    abi: modelRegistryAbi,
    functionName: 'registerAndPublish',
    args: [call.kind, call.base, call.split, call.metaCid, call.version, call.cid],
  });
  const hash = await wallet.writeContract(request);
  const receipt = await wallet.waitForTransactionReceipt({ hash, timeout: 30_000 });
  if (receipt.status !== 'success') throw new Error(`the sample model's transaction ${hash} reverted`);
}
