import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Abi, createPublicClient, createWalletClient, http, parseEther } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { devnetAccount, devnetActor } from '#db/seed/devnet-accounts.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { reviewQueue } from '#lib/contributions/review-queue.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { approveBatchTypedData } from '#lib/kernel/approve-batch-typed-data.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import { indexToHead } from '#lib/platform/indexer/index-step.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { approveVersion } from './approve-version.ts';
import { createDatanet } from './create-datanet.ts';
import { freezeVersion } from './freeze-version.ts';
import { getChainTerms } from './get-chain-terms.ts';
import { getVersionAcceptance } from './get-version-acceptance.ts';
import { getVersion } from './list-versions.ts';
import { acceptVersionCall, anchorVersionCall, proposeVersionCall, registerDatanetCall } from './registry-calls.ts';
import { startTerms } from './registry-terms.ts';
import { createDatanetSchema } from './schema.ts';
import { setDatanetRole } from './set-datanet-role.ts';

const [owner, curator, author] = [1, 2, 3].map(devnetActor) as [Who, Who, Who];
type Who = ReturnType<typeof devnetActor>;

let database: TestDatabase;
let chain: TestChain;
let folder: string;
const deps = () => ({
  db: database.db,
  store: fileObjectStore(folder),
  chain: createPublicClient({ chain: devnet, transport: http(chain.url), pollingInterval: 50, cacheTime: 0 }),
  deployment: chain.deployment,
  now: () => new Date(),
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});

beforeAll(async () => {
  [database, chain] = await Promise.all([createTestDatabase(), startTestChain()]);
  folder = mkdtempSync(join(tmpdir(), 'openledger-approvals-'));
});
afterAll(async () => {
  await Promise.all([database.close(), chain.stop()]);
  rmSync(folder, { recursive: true });
});

async function send(n: number, call: { abi: Abi; functionName: string; args: readonly unknown[] }) {
  const wallet = createWalletClient({ account: devnetAccount(n), chain: devnet, transport: http(chain.url) });
  const address = chain.deployment.addresses.datanetRegistry;
  const hash = await wallet.writeContract({ address, ...call } as Parameters<typeof wallet.writeContract>[0]);
  const receipt = await deps().chain.waitForTransactionReceipt({ hash });
  expect(receipt.status).toBe('success');
  await indexToHead(deps());
}
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done').catch((error) => error.code as string);

async function frozenUnderTwo() {
  const terms = createDatanetSchema.parse({
    slug: 'two-curators',
    title: 'Two curators',
    domain: 'medicine',
    language: 'en',
    summary: 'A Datanet for tests.',
    description: 'Rows come and go in here.',
    rubric: ['True.'],
    fields: [
      { name: 'prompt', label: 'Question', maxChars: 60 },
      { name: 'completion', label: 'Answer', maxChars: 200 },
    ],
    license: 'CC-BY-4.0',
  });
  const { id: datanetId, metaHash } = await createDatanet(deps(), owner, terms);
  await send(1, registerDatanetCall(metaHash, startTerms('gated')));
  const rows = [{ line: 1, data: { prompt: 'What is a fever?', completion: 'A body above its normal heat.' } }];
  await submitContribution(deps(), author, { datanetId, source: 'f', idempotencyKey: 'one', rows });
  const { items } = await reviewQueue(deps(), { kind: 'visitor' }, { datanetId, limit: 10 });
  await reviewExamples(deps(), owner, { datanetId, exampleIds: items.map(({ id }) => id), decision: 'accept' });
  return { ...(await freezeVersion(deps(), owner, { datanetId })), datanetId };
}

it('puts a version on chain by as many curators as the terms ask for, and by no fewer', async () => {
  const frozen = await frozenUnderTwo();
  const { registryId, versionId, root } = frozen;
  expect(await getChainTerms(database.db, registryId)).toEqual({
    policy: { joinStake: 0n, reviewPeriod: 0, curatorQuorum: 1, ownerBps: 0, dedup: 1 },
    access: 4,
    curators: [],
  });
  const two = { joinStake: 0n, reviewPeriod: 0, curatorQuorum: 2, ownerBps: 0, dedup: 1 };
  const askForTwo = { abi: datanetRegistryAbi, functionName: 'setPolicy', args: [1n, two] };
  await expect(send(1, askForTwo)).rejects.toThrow('DatanetQuorumUnreachable');

  const registry = { chainId: chain.deployment.chainId, address: chain.deployment.addresses.datanetRegistry };
  const signed = (n: number, batch: bigint) =>
    devnetAccount(n).signTypedData(approveBatchTypedData(registry, { id: BigInt(registryId), batch, root }));
  const approve = async (n: number, signer: number, batch = 1n) =>
    codeOf(approveVersion(deps(), devnetActor(n), { versionId, signature: await signed(signer, batch) }));
  expect(await approve(2, 2)).toBe('datanet_forbidden'); // not a curator on chain
  const role = (roles: bigint) => ({
    abi: datanetRegistryAbi,
    functionName: 'setRole',
    args: [1n, curator.address, roles],
  });
  await send(1, role(1n));
  await send(1, askForTwo);
  await expect(send(1, anchorVersionCall(frozen))).rejects.toThrow('DatanetQuorumMissing');
  expect(await approve(2, 2)).toBe('approval_invalid'); // nothing is proposed yet
  await send(1, proposeVersionCall(frozen));
  expect(await approve(2, 3)).toBe('approval_invalid'); // another's signature
  expect(await approve(2, 2, 2n)).toBe('approval_invalid'); // for another batch
  expect(await approve(3, 3)).toBe('datanet_forbidden');
  expect([await approve(2, 2), await approve(2, 2)]).toEqual(['done', 'done']);

  const look = async () =>
    getVersionAcceptance(
      database.db,
      { id: versionId, root },
      { registryId, owner: owner.address },
      await getChainTerms(database.db, registryId),
    );
  const { batch, approvals } = await look();
  expect({ batch, by: approvals.map((approval) => approval.curator) }).toEqual({ batch: '1', by: [curator.address] });
  await expect(send(5, acceptVersionCall(registryId, '1', approvals))).rejects.toThrow('DatanetQuorumMissing');
  await expect(send(1, role(0n))).rejects.toThrow('DatanetQuorumUnreachable');
  const { datanetId } = frozen;
  const appoint = (granted: boolean) =>
    codeOf(setDatanetRole(deps(), owner, { datanetId, address: curator.address, role: 'curator', granted }));
  expect([await appoint(true), await appoint(false)]).toEqual(['done', 'quorum_unreachable']);
  await send(1, { ...askForTwo, args: [1n, { ...two, curatorQuorum: 1 }] });
  await send(1, role(0n));
  expect((await look()).approvals).toEqual([]); // the registry would refuse it now
  expect(await appoint(false)).toBe('done');
  await send(1, role(1n));
  await send(1, askForTwo);
  await send(1, acceptVersionCall(registryId, '1', approvals));
  expect((await getVersion(database.db, 'two-curators', 1)).anchor).toMatchObject({ batch: '1' });
});

it('reads what the owner changes later', async () => {
  const policy = { joinStake: parseEther('7'), reviewPeriod: 0, curatorQuorum: 2, ownerBps: 0, dedup: 1 };
  await send(1, { abi: datanetRegistryAbi, functionName: 'setPolicy', args: [1n, policy] });
  await send(1, { abi: datanetRegistryAbi, functionName: 'setAccess', args: [1n, 0, `0x${'0'.repeat(64)}`] });
  expect(await getChainTerms(database.db, '1')).toEqual({
    policy,
    access: 0,
    curators: [curator.address],
  });
});
