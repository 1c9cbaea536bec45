import { createPublicClient, http } from 'viem';
import { datanetVersions, versionExamples } from '#db/schema/datanets.ts';
import { adapters, inferences, models, receipts, trainingRuns } from '#db/schema/models.ts';
import { devnetAccount, devnetActor } from '#db/seed/devnet-accounts.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { setDatanetRole } from '#lib/datanets/set-datanet-role.ts';
import { accessGrantTypedData, accessRequestTypedData } from '#lib/kernel/access-typed-data.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { TestDatabase } from '#scripts/test/postgres.ts';
import { grantAccess } from '../grant-access.ts';
import { requestAccess } from '../request-access.ts';

export const chainId = 1337;
const hash = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as const;
// Nothing listens on port 9: signatures of plain accounts must be checked without the chain.
const chain = createPublicClient({ transport: http('http://127.0.0.1:9', { retryCount: 0 }) });

/** Owner, curator, author, member, stranger: devnet accounts 1 to 5. */
export const [owner, curator, author, member, stranger] = [1, 2, 3, 4, 5].map(devnetActor) as [Who, Who, Who, Who, Who];
export type Who = ReturnType<typeof devnetActor>;
const accounts = new Map([1, 2, 3, 4, 5, 6].map((n) => [devnetActor(n).address, devnetAccount(n)]));

/** Deps whose clock the test moves. */
export function privateDeps(database: TestDatabase, clock: { ms: number }) {
  return {
    db: database.db,
    chain: chain as Deps['chain'],
    deployment: { chainId } as Deps['deployment'],
    now: () => {
      clock.ms += 1_000;
      return new Date(clock.ms);
    },
    randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
  };
}
export type PrivateDeps = ReturnType<typeof privateDeps>;

/** A Datanet of `owner` with a curator; its id. */
export async function makeDatanet(deps: PrivateDeps, slug: string): Promise<string> {
  const field = (name: string) => ({ name, label: name, maxChars: 400 });
  const { id } = await createDatanet(deps, owner, {
    ...{ slug, title: `Title of ${slug}`, domain: 'law', language: 'en', license: 'CC-BY-4.0' },
    ...{ summary: 'A Datanet for tests.', description: 'Rows that not everybody reads.', rubric: ['True.'] },
    fields: [field('prompt'), field('completion')],
  });
  await setDatanetRole(deps, owner, { datanetId: id, address: curator.address, role: 'curator', granted: true });
  return id;
}

/** Rows of `author`, accepted by the curator; their ids and the contribution's. */
export async function addRows(deps: PrivateDeps, datanetId: string, texts: readonly string[]) {
  const rows = texts.map((prompt, i) => ({
    line: i + 1,
    data: { prompt, completion: `${prompt} Answered at length.` },
  }));
  const { contributionId } = await submitContribution(deps, author, {
    ...{ datanetId, source: 'form', idempotencyKey: `${datanetId}:${texts[0]}`, rows },
  });
  const found = await deps.db.query.examples.findMany({
    where: (e, { eq }) => eq(e.contributionId, contributionId),
    orderBy: (e, { asc }) => asc(e.id),
  });
  const ids = found.map(({ id }) => id);
  await reviewExamples(deps, curator, { datanetId, exampleIds: ids, decision: 'accept' });
  return { ids, contributionId };
}

/** A request of `who`, signed; `change` forges parts of what is sent after the signing. */
export async function ask(deps: PrivateDeps, who: Who, datanetId: string, change: object = {}): Promise<string> {
  const signedAt = Math.floor(deps.now().getTime() / 1000);
  const input = { datanetId, purpose: 'Research on contracts.', publicKey: '0x' as `0x${string}`, signedAt };
  const message = { ...input, datanet: datanetId, account: who.address, signedAt: BigInt(signedAt), ...change };
  const signature = await accounts.get(who.address)!.signTypedData(accessRequestTypedData(chainId, message));
  return (await requestAccess(deps, who, { ...input, publicKey: message.publicKey, signature })).requestId;
}

/** `by` signs a permission for a request and sends it. */
export async function letIn(
  deps: PrivateDeps,
  by: Who,
  permission: {
    datanetId: string;
    requestId: string;
    grantee: Who;
    days: number;
    wraps?: { era: number; wrapped: string }[];
  },
): Promise<string> {
  const { datanetId: datanet, requestId, grantee, days, wraps = [] } = permission;
  const expiresAt = Math.floor(deps.now().getTime() / 1000) + days * 86_400;
  const message = { datanet, grantee: grantee.address, request: requestId, expiresAt: BigInt(expiresAt) };
  const signature = await accounts.get(by.address)!.signTypedData(accessGrantTypedData(chainId, message));
  return (await grantAccess(deps, by, { requestId, expiresAt, signature, wraps })).grantId;
}

/** A version of the rows, a model of it, and an answer that read and was shaped by the first row. */
export async function addModel(deps: PrivateDeps, datanetId: string, ids: readonly string[]): Promise<void> {
  const { db } = deps;
  const [at, root] = [deps.now(), hash(1)];
  const key = { id: 'dv_1', datanetId, number: 1, root, rowCount: ids.length, contributorCount: 1, objectKey: 'k' };
  await db.insert(datanetVersions).values({ ...key, frozenBy: owner.address, createdAt: at });
  await db
    .insert(versionExamples)
    .values(ids.map((exampleId, leafIndex) => ({ versionId: 'dv_1', leafIndex, exampleId })));
  const older = { ...key, id: 'dv_0', number: 2, root: hash(9), rowCount: 1 };
  await db.insert(datanetVersions).values({ ...older, frozenBy: owner.address, createdAt: at });
  await db.insert(versionExamples).values({ versionId: 'dv_0', leafIndex: 0, exampleId: ids[0]! });
  const run = { id: 'run_1', owner: owner.address, name: 'r', versionId: 'dv_1', baseModel: 'b', preset: 'quick' };
  await db
    .insert(trainingRuns)
    .values({ ...run, recipe: {}, status: 'succeeded', seed: 1, idempotencyKey: 'k', createdAt: at });
  const adapter = { id: 'ad_1', runId: 'run_1', baseModel: 'b', sha256: root, objectPrefix: 'p', indexSha256: root };
  await db.insert(adapters).values({ ...adapter, evalLoss: 1, baseEvalLoss: 2, manifest: {}, createdAt: at });
  const split = { data: 5000, model: 2000, app: 1000, infra: 1000, validators: 1000 };
  const price = { inputWeiPerToken: 1n, outputWeiPerToken: 1n, split, versionHash: root };
  const model = { id: 'mdl_1', slug: 'm', name: 'M', summary: 's', owner: owner.address, adapterId: 'ad_1' };
  await db.insert(models).values({ ...model, versionId: 'dv_1', ...price, createdAt: at });
  await db.insert(inferences).values({
    ...{ id: 'inf_1', modelId: 'mdl_1', idempotencyKey: 'i', callerKey: 'c', ceilingWei: 1n, feeWei: 1n },
    ...{ status: 'completed', attributionStatus: 'done', salt: hash(2), messages: [], params: {}, output: 'Answer.' },
    ...{ retrieved: [{ exampleId: ids[0]!, chars: 40 }], heartbeatAt: at, createdAt: at },
  });
  const body = { version: 1, attribution: { rows: [{ exampleId: ids[0]! }] } };
  const receipt = { id: 'rcp_1', inferenceId: 'inf_1', modelId: 'mdl_1', body, hash: hash(3), signature: '0x' };
  await db.insert(receipts).values({ ...receipt, feeWei: 1n, createdAt: at });
}
