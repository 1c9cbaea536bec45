import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  createPublicClient,
  createWalletClient,
  http,
} from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { datanetAccess } from '#db/schema/access.ts';
import { devnetAccount, devnetActor } from '#db/seed/devnet-accounts.ts';
import { improveExample } from '#lib/contributions/improve-example.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { reviewQueue } from '#lib/contributions/review-queue.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { withdrawExample } from '#lib/contributions/withdraw-example.ts';
import { buildTree } from '#lib/kernel/merkle.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import { indexToHead } from '#lib/platform/indexer/index-step.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { columnStats } from './column-stats.ts';
import { createDatanet } from './create-datanet.ts';
import { countDatanetFacets } from './datanet-facets.ts';
import { exampleLeaf } from './example-leaf.ts';
import { findFreeze } from './find-freeze.ts';
import { freezeVersion } from './freeze-version.ts';
import { getDatanet } from './get-datanet.ts';
import { hasUnfrozenChanges } from './has-unfrozen-changes.ts';
import { listContributors } from './list-contributors.ts';
import { listDatanets } from './list-datanets.ts';
import { getVersion, listVersions } from './list-versions.ts';
import { performFreeze } from './perform-freeze.ts';
import { anchorVersionCall, registerDatanetCall } from './registry-calls.ts';
import { requestFreeze } from './request-freeze.ts';
import { type CreateDatanetInput, createDatanetSchema, listDatanetsSchema } from './schema.ts';
import { setDatanetRole } from './set-datanet-role.ts';
import { stopFreeze } from './stop-freeze.ts';
import { trainingFileDomain } from './types.ts';
import { readVersionRows, type VersionRow, versionTree } from './version-rows.ts';

const [owner, curator, author] = [1, 2, 3].map(devnetActor) as [Who, Who, Who];
type Who = ReturnType<typeof devnetActor>;

let database: TestDatabase;
let chain: TestChain;
let folder: string;
let seconds = 0;
const deps = () => ({
  db: database.db,
  store: fileObjectStore(folder),
  chain: createPublicClient({ chain: devnet, transport: http(chain.url), pollingInterval: 50, cacheTime: 0 }),
  deployment: chain.deployment,
  now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, ++seconds)),
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});
const terms = (slug: string, change: Partial<CreateDatanetInput> = {}): CreateDatanetInput => ({
  slug,
  title: `Title of ${slug}`,
  domain: 'law',
  language: 'en',
  summary: 'A Datanet for tests.',
  description: 'Rows come and go in here.',
  rubric: ['True.'],
  fields: [
    { name: 'prompt', label: 'Question', maxChars: 60 },
    { name: 'completion', label: 'Answer', maxChars: 200 },
  ],
  license: 'CC-BY-4.0',
  ...change,
});

beforeAll(async () => {
  [database, chain] = await Promise.all([createTestDatabase(), startTestChain()]);
  folder = mkdtempSync(join(tmpdir(), 'openledger-datanets-'));
});
afterAll(async () => {
  await Promise.all([database.close(), chain.stop()]);
  rmSync(folder, { recursive: true });
});

async function sendFrom(n: number, call: { abi: Abi; functionName: string; args: readonly unknown[] }) {
  const wallet = createWalletClient({ account: devnetAccount(n), chain: devnet, transport: http(chain.url) });
  const address = chain.deployment.addresses.datanetRegistry;
  const hash = await wallet.writeContract({ address, ...call } as Parameters<typeof wallet.writeContract>[0]);
  const receipt = await deps().chain.waitForTransactionReceipt({ hash });
  expect(receipt.status).toBe('success');
}

type Writes = ContractFunctionName<typeof datanetRegistryAbi, 'nonpayable'>;
const registryCall = <N extends Writes>(
  functionName: N,
  args: ContractFunctionArgs<typeof datanetRegistryAbi, 'nonpayable', N>,
) => ({ abi: datanetRegistryAbi, functionName, args });
const leafOfRow = (row: VersionRow) => exampleLeaf({ ...row, contributedAtSeconds: row.contributedAt });

/** Rows of `author`, accepted by `curator`. */
async function addAccepted(datanetId: string, count: number, word: string): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, i) => ({
    line: i + 1,
    data: { prompt: `${word} ${i}?`, completion: 'x'.repeat(i + 1) },
  }));
  await submitContribution(deps(), author, { datanetId, source: 'f', idempotencyKey: `${datanetId}:${word}`, rows });
  const ids = (await reviewQueue(deps(), { kind: 'visitor' }, { datanetId, limit: 100 })).items.map((item) => item.id);
  await reviewExamples(deps(), curator, { datanetId, exampleIds: ids, decision: 'accept' });
  return ids;
}

async function newDatanet(slug: string): Promise<{ id: string; metaHash: `0x${string}` }> {
  const created = await createDatanet(deps(), owner, terms(slug));
  const grant = { datanetId: created.id, address: curator.address, role: 'curator', granted: true } as const;
  await setDatanetRole(deps(), owner, grant);
  return created;
}
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done').catch((error) => error.code as string);

describe('createDatanet', () => {
  it('is repeatable with the same terms, and keeps a slug for its owner', async () => {
    const first = await createDatanet(deps(), owner, terms('repeatable'));
    expect(await createDatanet(deps(), owner, terms('repeatable'))).toEqual(first);
    expect(await codeOf(createDatanet(deps(), author, terms('repeatable')))).toBe('datanet_slug_taken');
    const changed = terms('repeatable', { summary: 'Other terms under the same name.' });
    expect(await codeOf(createDatanet(deps(), owner, changed))).toBe('datanet_slug_taken');
    expect(await codeOf(createDatanet(deps(), { kind: 'visitor' }, terms('nobody')))).toBe('not_signed_in');
  });

  it('refuses terms that pages or training could not use', () => {
    const faults = (change: object) =>
      createDatanetSchema.safeParse({ ...terms('fine'), ...change }).error?.issues.map((issue) => issue.message);
    expect(faults({})).toBeUndefined();
    expect(faults({ slug: 'new' })).toEqual(['this name is taken by the page that creates Datanets']);
    expect(faults({ slug: 'Not OK' })).toEqual([expect.stringContaining('small letters')]);
    expect(faults({ fields: [] })).toEqual(['the fields are prompt and completion, in this order']);
    expect(faults({ language: 'english!' })).toEqual([expect.stringContaining('BCP 47')]);
  });
});

describe('setDatanetRole', () => {
  it('is for the owner only, and needs no second time', async () => {
    const { id } = await createDatanet(deps(), owner, terms('roles'));
    const grant = { datanetId: id, address: curator.address, role: 'curator', granted: true } as const;
    expect(await codeOf(setDatanetRole(deps(), curator, grant))).toBe('datanet_forbidden');
    await setDatanetRole(deps(), owner, grant);
    await setDatanetRole(deps(), owner, grant);
    expect((await getDatanet(database.db, 'roles')).curators).toEqual([curator.address]);
    expect(await codeOf(setDatanetRole(deps(), owner, { ...grant, address: owner.address }))).toBe('owner_is_curator');
    await setDatanetRole(deps(), owner, { ...grant, granted: false });
    expect((await getDatanet(database.db, id)).curators).toEqual([]);
  });
});

describe('freezeVersion', () => {
  it('goes from rows to a root that the chain has accepted', async () => {
    const { id, metaHash } = await newDatanet('frozen');
    expect(await codeOf(freezeVersion(deps(), author, { datanetId: id }))).toBe('datanet_forbidden');
    expect(await codeOf(freezeVersion(deps(), owner, { datanetId: id }))).toBe('datanet_not_registered');
    // A stranger who copies the hash registers nothing.
    await sendFrom(5, registerDatanetCall(metaHash));
    expect(await codeOf(freezeVersion(deps(), owner, { datanetId: id }))).toBe('datanet_not_registered');
    await sendFrom(1, registerDatanetCall(metaHash));
    await expect(freezeVersion(deps(), owner, { datanetId: id })).rejects.toThrow('There are no accepted rows yet.');

    const ids = await addAccepted(id, 5, 'First');
    const frozen = await freezeVersion(deps(), curator, { datanetId: id });
    expect(frozen).toMatchObject({ number: 1, rowCount: 5, repeated: false });
    const rows = await readVersionRows(deps().store, frozen.objectKey);
    expect(rows.map((row) => row.id)).toEqual(ids);
    expect(versionTree(rows).root).toBe(frozen.root);
    expect(frozen.objectKey).toBe(`sha256/${sha256(await deps().store.get(frozen.objectKey)).slice(2)}`);

    await indexToHead(deps());
    expect((await getDatanet(database.db, id)).registryId).toBe(frozen.registryId);
    expect((await getVersion(database.db, 'frozen', 1)).anchor).toBeNull();
    await sendFrom(1, anchorVersionCall(frozen));
    await indexToHead(deps());
    expect((await getVersion(database.db, 'frozen', 1)).anchor).toMatchObject({ batch: '1' });
    expect((await getDatanet(database.db, id)).latestVersion).toMatchObject({ number: 1, anchored: true });
  });

  it('makes no second version of the same rows, and the next one without what was withdrawn', async () => {
    const { id, metaHash } = await newDatanet('twice');
    await sendFrom(1, registerDatanetCall(metaHash));
    const [first] = await addAccepted(id, 3, 'Row');
    expect(await hasUnfrozenChanges(deps(), id)).toBe(true);
    const both = await Promise.all([1, 2].map(() => freezeVersion(deps(), owner, { datanetId: id })));
    expect(both.map((version) => version.number)).toEqual([1, 1]);
    expect(both.map((version) => version.repeated).sort()).toEqual([false, true]);
    expect(await hasUnfrozenChanges(deps(), id)).toBe(false);
    await withdrawExample(deps(), author, { exampleId: first! });
    expect(await hasUnfrozenChanges(deps(), id)).toBe(true);
    const second = await freezeVersion(deps(), owner, { datanetId: id });
    expect(second).toMatchObject({ number: 2, rowCount: 2 });
    expect((await listVersions(database.db, id)).map((version) => version.number)).toEqual([2, 1]);
    expect(await codeOf(getVersion(database.db, 'twice', 3))).toBe('version_not_found');
  });

  it('is made by a worker, after the scan, with progress; can be stopped; and says why it failed', async () => {
    const { id: datanetId, metaHash } = await newDatanet('made-by-a-worker');
    await sendFrom(1, registerDatanetCall(metaHash));
    const sent: unknown[] = [];
    const web = () => ({ ...deps(), queue: { send: async (...job: unknown[]) => void sent.push(job[1]) } });
    expect(await codeOf(requestFreeze(web(), author, { datanetId }))).toBe('datanet_forbidden');
    const scans: string[] = [];
    const scan = async (id: string) => void scans.push(`${id} ${(await findFreeze(database.db, id))?.status}`);

    const empty = await requestFreeze(web(), curator, { datanetId });
    expect(await performFreeze(deps(), empty.freezeId, scan)).toBeNull();
    expect(await findFreeze(database.db, datanetId)).toMatchObject({
      status: 'failed',
      failure: expect.stringContaining('There are no accepted rows yet.'),
    });
    await addAccepted(datanetId, 3, 'Worker');
    const stopped = await requestFreeze(web(), curator, { datanetId });
    expect(await codeOf(stopFreeze(deps(), author, { datanetId }))).toBe('datanet_forbidden');
    await stopFreeze(deps(), owner, { datanetId });
    expect(await performFreeze(deps(), stopped.freezeId, scan)).toBeNull();
    expect((await findFreeze(database.db, datanetId))?.status).toBe('stopped');
    const late = await requestFreeze(web(), curator, { datanetId });
    const stopWhileScanned = async () => void (await stopFreeze(deps(), owner, { datanetId }));
    expect(await performFreeze(deps(), late.freezeId, stopWhileScanned)).toBeNull();
    expect(await listVersions(database.db, datanetId)).toEqual([]);

    const [one, two] = [
      await requestFreeze(web(), curator, { datanetId }),
      await requestFreeze(web(), owner, { datanetId }),
    ];
    expect(two).toEqual(one);
    expect(sent).toHaveLength(5);
    expect(await performFreeze(deps(), one.freezeId, scan)).toMatchObject({ number: 1, rowCount: 3 });
    expect(await performFreeze(deps(), one.freezeId, scan)).toBeNull(); // the job came twice
    expect(await findFreeze(database.db, datanetId)).toEqual({ status: 'done', rowsDone: 3, failure: null });
    expect(scans).toEqual([`${datanetId} scanning`, `${datanetId} scanning`]);
    expect((await listVersions(database.db, datanetId)).map((version) => version.frozenBy)).toEqual([curator.address]);
  });

  it('leaves out what the registry holds as retired, of this Datanet alone', async () => {
    const { id, metaHash } = await newDatanet('retired');
    await sendFrom(1, registerDatanetCall(metaHash));
    await sendFrom(5, registerDatanetCall(`0x${'5'.repeat(64)}`));
    const ids = await addAccepted(id, 3, 'Retired');
    const frozen = await freezeVersion(deps(), owner, { datanetId: id });
    const leaves = (await readVersionRows(deps().store, frozen.objectKey)).map(leafOfRow);
    const strangers = BigInt(frozen.registryId) + 1n;
    await sendFrom(5, registryCall('retire', [strangers, [leaves[1]!], leaves[0]!, []]));
    await indexToHead(deps());
    expect(await hasUnfrozenChanges(deps(), id)).toBe(false);
    await sendFrom(1, registryCall('retire', [BigInt(frozen.registryId), [leaves[1]!], leaves[0]!, []]));
    await indexToHead(deps());
    expect(await hasUnfrozenChanges(deps(), id)).toBe(true);
    const next = await freezeVersion(deps(), owner, { datanetId: id });
    const rows = await readVersionRows(deps().store, next.objectKey);
    expect(rows.map((row) => row.id)).toEqual([ids[0], ids[2]]);
    expect(await hasUnfrozenChanges(deps(), id)).toBe(false);
  });

  it('leaves out a copy that was proven on chain, once nobody has answered', async () => {
    const { id, metaHash } = await newDatanet('copied');
    await sendFrom(1, registerDatanetCall(metaHash));
    await addAccepted(id, 2, 'Copied');
    const frozen = await freezeVersion(deps(), owner, { datanetId: id });
    const rows = await readVersionRows(deps().store, frozen.objectKey);
    const registryId = BigInt(frozen.registryId);
    const record = ({ contributor, contentHash, contributedAt }: VersionRow) => ({
      ...{ contributor, contentHash, contributedAt: BigInt(contributedAt) },
    });
    const older = { ...rows[0]!, contributor: curator.address };
    const first = buildTree([leafOfRow(older)]);
    const copies = versionTree(rows);
    for (const [batch, root] of [first.root, copies.root].entries()) {
      await sendFrom(1, registryCall('propose', [registryId, root, 1, 'cid']));
      await sendFrom(1, registryCall('accept', [registryId, BigInt(batch + 1), []]));
      await chain.passTime(3_600);
    }
    const original = { batch: 1n, record: record(older), proof: first.proofFor(0) };
    const copy = { batch: 2n, record: record(rows[0]!), proof: copies.proofFor(0) };
    await sendFrom(1, registryCall('proveDuplicate', [registryId, original, copy]));
    await indexToHead(deps());
    expect(await hasUnfrozenChanges(deps(), id)).toBe(false);
    await chain.passTime(121); // two days at the devnet's pace
    await indexToHead(deps());
    expect(await hasUnfrozenChanges(deps(), id)).toBe(true);
    expect(await freezeVersion(deps(), owner, { datanetId: id })).toMatchObject({ number: 2, rowCount: 1 });
  });

  it('names everybody who worked on a cleaned row, and what it was before', async () => {
    const { id, metaHash } = await newDatanet('cleaned');
    await sendFrom(1, registerDatanetCall(metaHash));
    const words = 'This clause ends the contract after thirty days if neither side has paid what it owes the othr.';
    const rows = [words, `Second. ${words}`].map((completion, i) => ({
      ...{ line: i, data: { prompt: `Clause ${i}?`, completion } },
    }));
    await submitContribution(deps(), author, { datanetId: id, source: 'f', idempotencyKey: 'cleaned-1', rows });
    const [first, second] = (await reviewQueue(deps(), { kind: 'visitor' }, { datanetId: id })).items.map(
      (item) => item.id,
    );
    await reviewExamples(deps(), curator, { datanetId: id, exampleIds: [first!, second!], decision: 'accept' });
    const { exampleId } = await improveExample(deps(), owner, {
      ...{ exampleId: first!, role: 'clean', note: 'A typing error.', idempotencyKey: 'cleaned-2' },
      data: { prompt: 'Clause 0?', completion: words.replace('othr', 'other') },
    });
    await reviewExamples(deps(), curator, { datanetId: id, exampleIds: [exampleId], decision: 'accept' });
    const frozen = await freezeVersion(deps(), owner, { datanetId: id });
    const version = await readVersionRows(deps().store, frozen.objectKey);
    expect(version.map((row) => [row.id, row.formerly])).toEqual([
      [second, undefined],
      [exampleId, [{ id: first, data: rows[0]!.data }]],
    ]);
    expect(version[1]!.lineage!.map(({ role, account }) => [role, account])).toEqual([
      ['collect', author.address],
      ['review', curator.address],
      ['clean', owner.address],
      ['review', curator.address],
    ]);
    expect(versionTree(version).root).toBe(frozen.root);
  });
});

describe('reads', () => {
  it('pages, sorts, searches and counts Datanets', async () => {
    const counts = { alpha: 2, beta: 3, gamma: 1 };
    for (const [slug, count] of Object.entries(counts)) {
      await newDatanet(`read-${slug}`).then(({ id }) => addAccepted(id, count, slug));
    }
    const search = async (input: object) => {
      const slugs: string[] = [];
      let after: string | null = null;
      do {
        const raw: object = { q: 'read- tests', limit: 1, ...input, ...(after && { after }) };
        const page = await listDatanets(database.db, listDatanetsSchema.parse(raw));
        slugs.push(...page.items.map((item) => item.slug.replace('read-', '')));
        after = page.nextCursor;
      } while (after);
      return slugs;
    };
    // A file that somebody sent to train on is in no list.
    await createDatanet(deps(), owner, { ...terms('read-file'), domain: trainingFileDomain });
    expect(await search({ sort: 'title' })).toEqual(['alpha', 'beta', 'gamma']);
    expect(await search({ sort: 'rows' })).toEqual(['beta', 'alpha', 'gamma']);
    expect(await search({ sort: 'newest' })).toEqual(['gamma', 'beta', 'alpha']);
    expect(await search({ sort: 'earned' })).toHaveLength(3);
    expect(await search({ q: 'read-b%' })).toEqual([]);
    expect(await search({ domain: 'medicine' })).toEqual([]);
    expect(await search({ size: 'empty' })).toEqual([]);
    expect(await search({ size: 'to-100', access: 'public', state: 'growing', sort: 'title' })).toHaveLength(3);
    expect(await codeOf(listDatanets(database.db, listDatanetsSchema.parse({ after: '%%%' })))).toBe('invalid_cursor');
    expect(await codeOf(getDatanet(database.db, 'no-such'))).toBe('datanet_not_found');
  });

  it('counts a facet’s values among the Datanets that fit all other facets', async () => {
    await newDatanet('facet-one').then(({ id }) => addAccepted(id, 2, 'facet-one'));
    const gated = await newDatanet('facet-two');
    await database.db
      .insert(datanetAccess)
      .values({ datanetId: gated.id, tier: 'gated', setBy: owner.address, setAt: new Date() });
    const facetsOf = (input: object) =>
      countDatanetFacets(database.db, listDatanetsSchema.parse({ q: 'facet-', ...input }));
    expect(await facetsOf({})).toMatchObject({
      domain: [{ value: 'law', count: 2 }],
      access: [
        { value: 'gated', count: 1 },
        { value: 'public', count: 1 },
      ],
      size: [
        { value: 'empty', count: 1 },
        { value: 'to-100', count: 1 },
      ],
      state: [{ value: 'growing', count: 2 }],
    });
    // The chosen facet still offers its other values; the others narrow.
    expect(await facetsOf({ access: 'gated' })).toMatchObject({
      access: [{ value: 'gated' }, { value: 'public' }],
      size: [{ value: 'empty', count: 1 }],
    });
    const gatedOnly = await listDatanets(database.db, listDatanetsSchema.parse({ q: 'facet-', access: 'gated' }));
    expect(gatedOnly.items.map(({ slug }) => slug)).toEqual(['facet-two']);
  });

  it('counts people and describes columns', async () => {
    const { id } = await newDatanet('columns');
    await addAccepted(id, 20, 'Col');
    const { items } = await listContributors(database.db, { datanetId: id });
    expect(items).toMatchObject([{ contributor: author.address, accepted: 20, pending: 0, earnedWei: 0n }]);
    const [stats] = await columnStats(database.db, { datanetId: id, fields: ['completion'] });
    expect(stats).toMatchObject({ count: 20, minChars: 1, maxChars: 20, meanChars: 11 });
    expect(stats!.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(20);
    expect(stats!.bins[0]).toEqual({ from: 1, to: 3, count: 3 });
    expect(stats!.bins.at(-1)!.to).toBe(20);
    expect(stats!.sampleOf).toBeNull();
    const [sample] = await columnStats(database.db, { datanetId: id, fields: ['completion'], rowsMax: 8 });
    expect(sample).toMatchObject({ count: 8, sampleOf: 20 });
    expect(sample!.bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(8);
  });
});
