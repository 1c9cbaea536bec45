import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Abi, createPublicClient, createWalletClient, http, parseEther } from 'viem';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bountiesAbi } from '#contracts-abi/bounties.ts';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { devnetAccount, devnetActor } from '#db/seed/devnet-accounts.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { reviewQueue } from '#lib/contributions/review-queue.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { freezeVersion } from '#lib/datanets/freeze-version.ts';
import { anchorVersionCall, registerDatanetCall } from '#lib/datanets/registry-calls.ts';
import { createDatanetSchema } from '#lib/datanets/schema.ts';
import { devnet } from '#lib/platform/chain/chains.ts';
import { indexToHead } from '#lib/platform/indexer/index-step.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { startTestChain, type TestChain } from '#scripts/test/anvil.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { getBounty } from './get-bounty.ts';
import { listAwardableRows } from './list-awardable-rows.ts';
import { listBounties } from './list-bounties.ts';
import { listWishes } from './list-wishes.ts';
import { prepareRowAward } from './prepare-row-award.ts';
import { objectionWei } from './rules.ts';
import { writeGoal } from './write-goal.ts';

const [owner, author, sponsor, stranger] = [1, 3, 4, 5].map(devnetActor) as [Who, Who, Who, Who];
type Who = ReturnType<typeof devnetActor>;
const hour = 3_600;

let database: TestDatabase;
let chain: TestChain;
let folder: string;
/** Chain and server have one clock here: seconds. */
let clock = 0;
const deps = () => ({
  db: database.db,
  store: fileObjectStore(folder),
  chain: createPublicClient({ chain: devnet, transport: http(chain.url), pollingInterval: 50, cacheTime: 0 }),
  deployment: chain.deployment,
  now: () => new Date(clock * 1000),
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});

async function readClock(): Promise<void> {
  clock = Number((await deps().chain.getBlock()).timestamp);
}

beforeAll(async () => {
  [database, chain] = await Promise.all([createTestDatabase(), startTestChain()]);
  folder = mkdtempSync(join(tmpdir(), 'openledger-bounties-'));
  await readClock();
});
afterAll(async () => {
  await Promise.all([database.close(), chain.stop()]);
  rmSync(folder, { recursive: true });
});

async function send(
  n: number,
  address: `0x${string}`,
  call: { abi: Abi; functionName: string; args: readonly unknown[] },
) {
  const wallet = createWalletClient({ account: devnetAccount(n), chain: devnet, transport: http(chain.url) });
  const hash = await wallet.writeContract({ address, ...call } as Parameters<typeof wallet.writeContract>[0]);
  const receipt = await deps().chain.waitForTransactionReceipt({ hash });
  expect(receipt.status).toBe('success');
  await indexToHead(deps());
  await readClock();
}
const at = () => chain.deployment.addresses;
const bounty = (n: number, functionName: string, args: readonly unknown[]) =>
  send(n, at().bounties!, { abi: bountiesAbi, functionName, args });
const approve = (n: number, wei: bigint) =>
  send(n, at().openToken, { abi: openTokenAbi, functionName: 'approve', args: [at().bounties, wei] });
const balanceOf = (account: `0x${string}`) =>
  deps().chain.readContract({ address: at().openToken, abi: openTokenAbi, functionName: 'balanceOf', args: [account] });
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done').catch((error) => error.code as string);

async function pass(seconds: number): Promise<void> {
  await chain.passTime(seconds);
  await approve(9, 0n); // a block of the new time
}

const terms = createDatanetSchema.parse({
  slug: 'wanted',
  title: 'Wanted rows',
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
});

async function addRow(datanetId: string, words: string): Promise<string> {
  const rows = [{ line: 1, data: { prompt: `What about ${words}?`, completion: `Something true about ${words}.` } }];
  await submitContribution(deps(), author, { datanetId, source: 'f', idempotencyKey: words, rows });
  const [row] = (await reviewQueue(deps(), { kind: 'visitor' }, { datanetId, limit: 10 })).items;
  await reviewExamples(deps(), owner, { datanetId, exampleIds: [row!.id], decision: 'accept' });
  return row!.id;
}

async function anchor(datanetId: string): Promise<void> {
  const frozen = await freezeVersion(deps(), owner, { datanetId });
  await send(1, at().datanetRegistry, anchorVersionCall(frozen));
}

describe('a bounty for rows', () => {
  it('lives from a goal to awards, objections, payment and refunds, as the contract has it', async () => {
    const { id: datanetId, metaHash } = await createDatanet(deps(), owner, terms);
    await send(1, at().datanetRegistry, registerDatanetCall(metaHash));
    const old = await addRow(datanetId, 'old bridges');
    await anchor(datanetId);

    const goal = { kind: 'data', datanet: 'wanted', title: 'Rows about new bridges', source: null } as const;
    const words = { ...goal, goal: 'Questions and true answers about bridges.' };
    const written = await writeGoal(deps(), sponsor, words);
    expect(await writeGoal(deps(), sponsor, words)).toEqual(written);
    expect(await getBounty(deps(), written.id)).toMatchObject({ state: 'unopened', onChain: null, awards: [] });

    await pass(10);
    const onChain = { datanetId: 1n, judge: `0x${'0'.repeat(40)}`, unit: parseEther('2'), target: 0n };
    const times = { fundUntil: clock + hour, deadline: clock + 10 * hour, window: hour, firmBps: 2_500 };
    await approve(4, parseEther('10'));
    // A stranger's copy of the hash and a bounty of another Datanet's curators are none of this goal.
    await bounty(5, 'open', [written.goalHash, { ...onChain, ...times }, 0n]);
    expect((await getBounty(deps(), written.id)).state).toBe('unopened');
    await bounty(4, 'open', [written.goalHash, { ...onChain, ...times }, parseEther('3')]);
    await approve(5, parseEther('10'));
    await bounty(5, 'fund', [2n, parseEther('1')]);
    const [listed] = (await listBounties(deps(), { datanet: 'wanted' })).items;
    expect(listed).toMatchObject({
      state: 'funding',
      onChain: { number: '2', fundedWei: parseEther('4'), awardedWei: 0n },
    });
    expect(await codeOf(listAwardableRows(deps(), owner, written.id))).toBe('bounty_state');

    const fresh = await addRow(datanetId, 'new bridges');
    await anchor(datanetId);
    await pass(hour + 1);
    expect(await codeOf(listAwardableRows(deps(), stranger, written.id))).toBe('bounty_forbidden');
    expect((await listAwardableRows(deps(), owner, written.id)).map((row) => row.exampleId)).toEqual([fresh]);
    expect(await codeOf(prepareRowAward(deps(), owner, { bountyId: written.id, exampleIds: [old] }))).toBe(
      'bounty_award_invalid',
    );
    await bounty(1, 'awardRows', await prepareRowAward(deps(), owner, { bountyId: written.id, exampleIds: [fresh] }));
    expect(await listAwardableRows(deps(), owner, written.id)).toEqual([]);

    const part = objectionWei({ sumWei: parseEther('2') }, parseEther('1'), parseEther('4'), 2_500);
    await bounty(5, 'object', [2n, 1n, 'It is about old bridges.']);
    await pass(hour);
    const before = await balanceOf(author.address);
    await bounty(9, 'pay', [2n, 1n, [author.address]]);
    expect((await balanceOf(author.address)) - before).toBe(parseEther('2') - part);
    await pass(10 * hour);
    await bounty(9, 'refund', [2n, sponsor.address]);
    const end = await getBounty(deps(), written.id);
    expect(end).toMatchObject({ state: 'over', sponsors: [{ refundedWei: parseEther('1.5') }, { refundedWei: null }] });
    expect(end.awards).toMatchObject([
      {
        payees: [author.address],
        paidWei: parseEther('2') - part,
        objections: [{ sponsor: stranger.address, partWei: part, reason: 'It is about old bridges.' }],
      },
    ]);
  });

  it('is not opened by its author for another Datanet than the page says', async () => {
    const other = { abi: datanetRegistryAbi, functionName: 'create' };
    await send(5, at().datanetRegistry, { ...other, args: registerDatanetCall(`0x${'7'.repeat(64)}`).args });
    const goal = {
      kind: 'data',
      datanet: 'wanted',
      title: 'A trap',
      goal: 'Gifts for friends of mine.',
      source: null,
    } as const;
    const { id, goalHash } = await writeGoal(deps(), sponsor, goal);
    const trap = { datanetId: 2n, judge: `0x${'0'.repeat(40)}`, unit: 1n, target: 0n, firmBps: 0 };
    const times = { fundUntil: clock + hour, deadline: clock + 2 * hour, window: hour };
    await bounty(4, 'open', [goalHash, { ...trap, ...times }, 0n]);
    expect((await getBounty(deps(), id)).state).toBe('unopened');
  });

  it('is made of a question only by who asked it', async () => {
    const goal = {
      kind: 'data',
      datanet: 'wanted',
      title: 'From a question',
      goal: 'What somebody wanted to know.',
    } as const;
    const stolen = { ...goal, source: { kind: 'question', id: 'inf_of_somebody' } } as const;
    expect(await codeOf(writeGoal(deps(), sponsor, stolen))).toBe('bounty_source_forbidden');
    expect(await listWishes(deps(), sponsor)).toEqual([]);
    expect(await codeOf(listWishes(deps(), { kind: 'visitor' }))).toBe('not_signed_in');
  });
});
