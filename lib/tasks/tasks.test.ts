import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq, sql } from 'drizzle-orm';
import { privateKeyToAccount } from 'viem/accounts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { inferences, receipts } from '#db/schema/models.ts';
import { channels, ledgerEntries, rewardPeriods } from '#db/schema/settlement.ts';
import { attributeInference } from '#lib/attribution/attribute-inference.ts';
import { taskHash } from '#lib/kernel/task/task-hash.ts';
import type { TaskBody, TaskFile, TaskReceiptBody } from '#lib/kernel/task/task-schema.ts';
import { verifyTask } from '#lib/kernel/task/verify-task.ts';
import type { StepOutcome } from '#lib/kernel/verification/step-outcome.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { listTaskEntries } from '#lib/rewards/list-task-entries.ts';
import { listReceiptPages } from '#lib/rewards/load-period-data.ts';
import { payReceipt } from '#lib/rewards/pay-receipt.ts';
import { sumCharges } from '#lib/rewards/sum-charges.ts';
import { completeInference } from '#lib/serving/complete-inference.ts';
import { holdOnChannel } from '#lib/serving/hold-on-channel.ts';
import { findServableModel } from '#lib/serving/queries.ts';
import { registerVoucher } from '#lib/serving/register-voucher.ts';
import { reserveInference } from '#lib/serving/reserve-inference.ts';
import {
  channelId,
  insertChannel,
  insertLiveModel,
  payer,
  servingDeps,
  signVoucher,
} from '#lib/serving/test-support/serving-fixture.ts';
import type { ReservedInference } from '#lib/serving/types.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { acceptTask } from './accept-task.ts';
import { closeTask } from './close-task.ts';
import { getOpenTask } from './get-open-task.ts';
import { lapseTasks } from './lapse-tasks.ts';
import { listTasks } from './list-tasks.ts';
import { openTask } from './open-task.ts';
import { findTask, findTaskView } from './queries.ts';

let database: TestDatabase;
let deps: ReturnType<typeof makeDeps>;
const gateway = privateKeyToAccount(`0x${'7'.repeat(64)}`);
const app = privateKeyToAccount(`0x${'a'.repeat(64)}`);
const agent = privateKeyToAccount(`0x${'b'.repeat(64)}`);
const lower = (account: { address: string }) => account.address.toLowerCase() as `0x${string}`;
const asker = { kind: 'account', address: payer } as const;
const idOf = (digit: string) => `task_${digit.repeat(32)}`;

const makeDeps = () => ({ ...servingDeps(database.db), operator: gateway, holdPrice: holdOnChannel, store });
const storeDir = mkdtempSync(join(tmpdir(), 'openledger-tasks-'));
const store = fileObjectStore(storeDir);
const attributor = {
  score: async () => ({
    ...{
      method: 'given',
      queryCodes: Uint8Array.of(1, 2, 3, 4),
      queryCodesHash: 'd'.repeat(64),
      indexSha256: 'e'.repeat(64),
    },
    ...{
      indexRows: 2,
      sigma: 10n,
      cutScore: 30n,
      positiveSum: 200n,
      rows: [{ exampleId: 'ex_1', score: 130n }],
      harmful: [],
    },
  }),
  findSpans: async () => null,
  valueRetrieval: () => Promise.reject(new Error('no row was read')),
  recordHarm: async () => {},
};

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.close();
  rmSync(storeDir, { recursive: true, force: true });
});
beforeEach(async () => {
  await database.db.execute(
    sql`truncate datanets, chain_events, channels, ledger_transactions, inferences, tasks cascade`,
  );
  deps = makeDeps();
  await insertLiveModel(database.db);
});

async function open(by: typeof app, digit: string, more: Partial<TaskBody> = {}): Promise<TaskFile> {
  const task: TaskBody = {
    ...{ kind: 'task', version: 1, id: idOf(digit), app: lower(by), name: `App ${digit}`, gateway: lower(gateway) },
    ...{ openedAt: deps.now().toISOString(), parent: null, depth: 1, asker: null, priceWei: '0' },
    ...{ requestHash: `0x${'1'.repeat(64)}`, ...more },
  };
  return openTask(deps, { task, signature: await by.signMessage({ message: { raw: taskHash(task) } }) });
}

/** An answer of the one model within a task, attributed, with its receipt: free, or paid by `payer`. */
async function ask(task: string, key: string, isPaid = false): Promise<string> {
  const model = (await findServableModel(database.db, 'one-model'))!;
  const caller = isPaid
    ? ({ kind: 'session', callerKey: payer, payer } as const)
    : ({ kind: 'free', callerKey: 'v' } as const);
  const wanted = { model, messages: [{ role: 'user' as const, content: 'hi' }], promptIds: [1, 2, 3], maxTokens: 5 };
  const reserved = await reserveInference(deps, caller, { ...wanted, params: { task }, idempotencyKey: key });
  const answer = { output: 'so', finishReason: 'stop' as const, promptIds: [1, 2, 3], completionIds: [4, 5] };
  await completeInference(deps, reserved as ReservedInference, answer);
  const { inferenceId } = reserved as ReservedInference;
  await attributeInference(deps, attributor, inferenceId);
  return inferenceId.replace('inf_', 'rcp_');
}

async function close(by: typeof app, digit: string, more: Partial<TaskReceiptBody> = {}): Promise<TaskFile> {
  const view = (await findTaskView(database.db, idOf(digit), deps.now()))!;
  const calls = [...view.calls.answers, ...view.calls.tasks];
  const feeWei = view.status === 'open' ? '0' : view.task.priceWei;
  const receipt: TaskReceiptBody = {
    ...{ kind: 'task-receipt', version: 1, taskId: view.task.id, taskHash: view.hash, app: view.task.app },
    ...{ gateway: view.task.gateway, payer: feeWei === '0' ? null : view.task.asker },
    ...{ channelId: feeWei === '0' ? null : channelId, closedAt: deps.now().toISOString(), outcome: 'done' },
    ...{
      outputHash: null,
      calls,
      costWei: calls.reduce((sum, one) => sum + BigInt(one.feeWei), 0n).toString(),
      feeWei,
    },
    ...more,
  };
  const signature = await by.signMessage({ message: { raw: taskHash(receipt) } });
  return closeTask(deps, { id: view.task.id, receipt, signature });
}

const source = () => ({
  task: (id: string) => findTask(database.db, id),
  async receipt(id: string) {
    const [row] = await database.db.select().from(receipts).where(eq(receipts.id, id));
    return row ? { body: row.body, hash: row.hash as `0x${string}`, signature: row.signature as `0x${string}` } : null;
  },
});
async function verify(id: string, from = source()): Promise<{ steps: StepOutcome[]; wrong: string | null }> {
  const steps: StepOutcome[] = [];
  for await (const step of verifyTask(id, from)) steps.push(step);
  return { steps, wrong: steps.find(({ state }) => state === 'differs')?.id ?? null };
}

describe('a chain of an app, an agent and a model', () => {
  it('is verified from either end, and paid by who asked', async () => {
    await insertChannel(database.db, 10_000n);
    await registerVoucher(deps, asker, await signVoucher(10_000n));
    const first = await open(app, '1', { asker: payer, priceWei: '4000' });
    const parent = { id: first.task.id, hash: first.hash };
    await open(agent, '2', { parent, depth: 2 });
    await expect(acceptTask(deps, asker, { id: idOf('1'), maxWei: 3_999n, apiKeyId: null })).rejects.toMatchObject({
      code: 'task_price',
    });
    await acceptTask(deps, asker, { id: idOf('1'), maxWei: 4_000n, apiKeyId: null });
    const held = async () => (await database.db.select().from(channels))[0]!;
    expect(await held()).toMatchObject({ reservedWei: 4_000n, chargedWei: 0n });
    const mine = { id: idOf('1'), status: 'accepted', heldWei: 4_000n, chargedWei: null };
    expect(await listTasks(deps, asker, { limit: 5 })).toMatchObject({ asked: [mine], working: [] });
    await ask(idOf('2'), 'a', true);
    await ask(idOf('1'), 'b');
    await close(agent, '2');
    await close(app, '1');
    await close(app, '1'); // sent again
    const done = { ...mine, status: 'closed', heldWei: 0n, chargedWei: 4_000n };
    const appActor = { kind: 'account' as const, address: lower(app) };
    expect(await listTasks(deps, appActor, { limit: 5 })).toMatchObject({ asked: [], working: [done] });
    expect(await held()).toMatchObject({ reservedWei: 0n, chargedWei: 4_230n });

    for (const digit of ['1', '2']) {
      const { steps, wrong } = await verify(idOf(digit));
      expect(wrong).toBeNull();
      expect(steps.filter(({ id }) => id === 'task-call')).toHaveLength(digit === '1' ? 3 : 1);
      expect(steps.some(({ id, state }) => id === 'task-listed' && state === 'ok')).toBe(digit === '2');
    }
    const [sum] = await database.db.select({ wei: sql<string>`sum(${ledgerEntries.amountWei})` }).from(ledgerEntries);
    expect(sum!.wei).toBe('0');

    const periodId = await closeAPeriod();
    expect(await sumCharges(database.db, undefined)).toEqual(new Map([[channelId, 4_230n]]));
    const [entries] = await Array.fromAsync(listTaskEntries(database.db, periodId));
    expect(entries).toMatchObject([{ id: `rtk_${'1'.repeat(32)}`, feeWei: '4000', app: lower(app), channelId }]);
    const lines: unknown[] = [];
    const paid = {
      ...entries![0]!,
      feeWei: 4_000n,
      shares: [],
      poolBy: 'shares' as const,
      validators: [],
    };
    const accounts = { appAccount: payer, infraAccount: payer };
    payReceipt(accounts, { ...paid, royalties: [], datanets: [] }, 3_800n, (line) => lines.push(line));
    expect(lines).toMatchObject([{ role: 'app', account: lower(app), amountWei: 3_800n }]);
    const [answers] = await Array.fromAsync(listReceiptPages(database.db, periodId));
    expect(answers!.map((one) => one.app).sort()).toEqual([lower(app), lower(agent)].sort());
  });

  it('names what was forged, at whichever end', async () => {
    const first = await open(app, '1');
    await open(agent, '2', { parent: { id: first.task.id, hash: first.hash }, depth: 2 });
    const receiptId = await ask(idOf('2'), 'a');
    await close(agent, '2');
    await close(app, '1');
    const forged = async (id: string, edit: (file: TaskFile) => void, from = idOf('1')) => {
      const honest = source();
      const task = async (asked: string) => {
        const file = structuredClone((await honest.task(asked))!);
        if (asked === id) edit(file);
        return file;
      };
      return (await verify(from, { ...honest, task })).wrong;
    };
    const [up, down] = [idOf('1'), idOf('2')];
    expect(await forged(up, (file) => Object.assign(file.task, { name: 'Another' }))).toBe('task-hash');
    expect(await forged(up, (file) => Object.assign(file.task, { note: '' }))).toBe('task-schema');
    const byAgent = await agent.signMessage({ message: { raw: first.hash } });
    expect(await forged(up, (file) => Object.assign(file, { signature: byAgent }))).toBe('task-signature');
    expect(await forged(up, (file) => Object.assign(file.receipt!.body, { costWei: '1' }))).toBe('task-receipt-hash');
    expect(await forged(up, (file) => Object.assign(file.receipt!, { gatewaySignature: byAgent }))).toBe(
      'task-countersignature',
    );
    // With everything signed anew by who may: only the other end gives it away.
    const reseal = async (file: TaskFile, by: typeof app) => {
      const hash = taskHash(file.receipt!.body);
      const message = { message: { raw: hash } };
      const [appSignature, gatewaySignature] = [await by.signMessage(message), await gateway.signMessage(message)];
      Object.assign(file.receipt!, { hash, appSignature, gatewaySignature });
    };
    const cheaper = (await findTask(database.db, down))!;
    cheaper.receipt!.body.calls[0]!.feeWei = '5';
    cheaper.receipt!.body.costWei = '5';
    await reseal(cheaper, agent);
    const withFile = async (file: TaskFile, from: string) => {
      const honest = source();
      return (await verify(from, { ...honest, task: async (id) => (id === file.task.id ? file : honest.task(id)) }))
        .wrong;
    };
    expect(await withFile(cheaper, down)).toBe('task-call');
    expect(await withFile(cheaper, up)).toBe('task-call');
    const silent = (await findTask(database.db, up))!;
    silent.receipt!.body.calls = [];
    await reseal(silent, app);
    expect(await withFile(silent, down)).toBe('task-listed');
    const unsummed = (await findTask(database.db, up))!;
    unsummed.receipt!.body.costWei = '7';
    await reseal(unsummed, app);
    expect(await withFile(unsummed, up)).toBe('task-sums');
    const orphan = (await findTask(database.db, down))!;
    orphan.task.parent = { id: up, hash: `0x${'0'.repeat(64)}` };
    orphan.hash = taskHash(orphan.task);
    orphan.signature = await agent.signMessage({ message: { raw: orphan.hash } });
    orphan.receipt!.body.taskHash = orphan.hash;
    await reseal(orphan, agent);
    expect(await withFile(orphan, down)).toBe('task-call'); // its answers name the opening that there was
    orphan.receipt = null;
    expect(await withFile(orphan, down)).toBe('task-parent');
    await database.db.execute(
      sql`update receipts set body = jsonb_set(body, '{task,app}', '"0x${sql.raw('9'.repeat(40))}"') where id = ${receiptId}`,
    );
    expect((await verify(up)).wrong).toBe('task-call');
  });
});

describe('what a gateway refuses', () => {
  it('openings that are not signed, not here, not now, too deep, or under a task that is not there', async () => {
    const first = await open(app, '1');
    const parent = { id: first.task.id, hash: first.hash };
    for (const more of [
      ...[
        { gateway: payer },
        { openedAt: '2029-12-31T00:00:00.000Z' },
        { asker: null, priceWei: '1' },
        { asker: lower(app) },
      ],
      ...[
        { depth: 2 },
        { parent, depth: 1 },
        { parent, depth: 3 },
        { parent: { ...parent, hash: `0x${'2'.repeat(64)}` }, depth: 2 },
      ],
      { parent, depth: 2, asker: payer, priceWei: '1' },
    ])
      await expect(open(app, '3', more)).rejects.toMatchObject({ code: 'task_invalid' });
    await expect(open(app, '3', { parent: { ...parent, id: idOf('9') }, depth: 2 })).rejects.toMatchObject({
      code: 'task_not_found',
    });
    await expect(open(agent, '1')).rejects.toMatchObject({ code: 'task_invalid' });
    const task = { ...first.task, id: idOf('4') };
    const signature = await agent.signMessage({ message: { raw: taskHash(task) } });
    await expect(openTask(deps, { task, signature })).rejects.toMatchObject({ code: 'task_invalid' });
  });

  it('receipts that leave a call out, change its fee, or come before its answers', async () => {
    await open(app, '1');
    const model = (await findServableModel(database.db, 'one-model'))!;
    const wanted = {
      model,
      messages: [],
      promptIds: [1],
      maxTokens: 5,
      params: { task: idOf('1') },
      idempotencyKey: 'k',
    };
    await reserveInference(deps, { kind: 'free', callerKey: 'v' }, wanted);
    await expect(close(app, '1')).rejects.toMatchObject({ code: 'task_busy' });
    await database.db.update(inferences).set({ status: 'failed' });
    await ask(idOf('1'), 'a');
    await expect(close(app, '1', { calls: [] })).rejects.toMatchObject({ code: 'task_invalid' });
    await expect(close(app, '1', { feeWei: '1', payer })).rejects.toMatchObject({ code: 'task_invalid' });
    await expect(close(agent, '1')).rejects.toMatchObject({ code: 'task_invalid' });
    await close(app, '1');
    await expect(close(app, '1', { outcome: 'failed' })).rejects.toMatchObject({ code: 'task_closed' });
    const place = { id: idOf('1'), now: deps.now() };
    await expect(getOpenTask(database.db, { ...place, account: payer })).rejects.toMatchObject({
      code: 'task_forbidden',
    });
    await expect(getOpenTask(database.db, { ...place, account: lower(app) })).rejects.toMatchObject({
      code: 'task_closed',
    });
  });

  it('gives back what was held when work failed, or nobody closed it within a day', async () => {
    await insertChannel(database.db, 10_000n);
    await registerVoucher(deps, asker, await signVoucher(10_000n));
    const held = async () => (await database.db.select().from(channels))[0]!;
    for (const digit of ['1', '2']) {
      await open(app, digit, { asker: payer, priceWei: '100' });
      await acceptTask(deps, asker, { id: idOf(digit), maxWei: 100n, apiKeyId: null });
    }
    const nothing = { outcome: 'failed' as const, feeWei: '0', payer: null, channelId: null };
    await expect(close(app, '1', { outcome: 'failed' })).rejects.toMatchObject({ code: 'task_invalid' });
    await close(app, '1', nothing);
    expect(await held()).toMatchObject({ reservedWei: 100n, chargedWei: 0n });
    deps.clock.ms += 24 * 3_600_000 + 1;
    expect(await lapseTasks(deps)).toBe(1);
    expect(await held()).toMatchObject({ reservedWei: 0n, chargedWei: 0n });
    expect((await findTaskView(database.db, idOf('2'), deps.now()))?.status).toBe('lapsed');
    await expect(close(app, '2')).rejects.toMatchObject({ code: 'task_closed' });
  });
});

/** A period with every receipt that there is. */
async function closeAPeriod(): Promise<string> {
  const zero = `0x${'0'.repeat(64)}`;
  await database.db.insert(rewardPeriods).values({
    ...{ id: 'rp_1', number: 1, status: 'closed', receiptCount: 1, grossWei: 0n, protocolFeeWei: 0n, netWei: 0n },
    ...{ totalWei: 0n, root: zero, receiptsRoot: zero, dataKey: '', closedAt: deps.now() },
  });
  await database.db.update(receipts).set({ rewardPeriodId: 'rp_1' });
  return 'rp_1';
}
