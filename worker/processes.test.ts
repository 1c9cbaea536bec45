import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eq } from 'drizzle-orm';
import { keccak256, parseEther, toHex } from 'viem';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { adapters, models, receipts } from '#db/schema/models.ts';
import { heartbeats, rewardLines } from '#db/schema/settlement.ts';
import { buildAttributionIndex } from '#lib/engine/attribution/attribution-engine.ts';
import { buildSpanIndexInThread } from '#lib/engine/attribution/text-jobs.ts';
import { createTinyAdapter } from '#lib/engine/io/test-support/tiny-adapter.ts';
import { createTinyModel } from '#lib/engine/io/test-support/tiny-model.ts';
import type { ReceiptBody } from '#lib/kernel/receipt.ts';
import { hashModelVersion } from '#lib/kernel/version-head.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { Env } from '#lib/platform/env.ts';
import { pgBossQueue } from '#lib/platform/queue/job-queue.ts';
import { startQueue } from '#lib/platform/queue/start-queue.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { getReceiptSettlement } from '#lib/rewards/receipt-settlement.ts';
import { type AnswerEvent, answerChat } from '#lib/serving/answer-chat.ts';
import { requestsOfChat } from '#lib/serving/answer-request.ts';
import { listChannelsOf } from '#lib/serving/queries.ts';
import { chatCompletionSchema } from '#lib/serving/schema.ts';
import { openAnswer, renderPrompt, type ServeRequest } from '#lib/serving/serve-client.ts';
import { auditConservation } from '#scripts/audit/conservation.ts';
import { seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import { openSettlementWorld, type TestSettlementWorld } from '#scripts/audit/test-support/settlement-world.ts';
import { devnetAccount, devnetRoles } from '#scripts/contracts/devnet-config.ts';
import { freePort } from '#scripts/up/ports.ts';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const token = 'token-of-the-internal-service-0123456789';
const rows = ['ex_0', 'ex_1', 'ex_2'];
const split = { data: 7_000, model: 1_000, app: 500, infra: 500, validators: 500 };
const children = new Map<string, ChildProcess>();
let world: TestSettlementWorld;
let dir: string;
let environment: Record<string, string>;

function start(name: string): void {
  const env = {
    PATH: process.env.PATH,
    NODE_ENV: 'production',
    LOG_LEVEL: 'warn',
    ...environment,
  } as NodeJS.ProcessEnv;
  children.set(name, spawn(process.execPath, [main, name], { env, stdio: ['ignore', 'inherit', 'inherit'] }));
}
async function stop(name: string, signal: NodeJS.Signals): Promise<number | null> {
  const child = children.get(name)!;
  const ended = once(child, 'exit');
  child.kill(signal);
  return (await ended)[0] as number | null;
}
const heartbeatOf = async (name: string) =>
  (await world.deps.db.select().from(heartbeats).where(eq(heartbeats.process, name)))[0];
const request: ServeRequest = {
  ...{ adapterId: 'ad_1', messages: [{ role: 'user', content: 'what colour is the river?' }], maxTokens: 8 },
  ...{ temperature: 0, topP: 1, caller: 'test' },
};
const serveDeps = () =>
  ({ env: { SERVE_URL: environment.SERVE_URL, INTERNAL_TOKEN: token } }) as Parameters<typeof openAnswer>[0];
const answer = async (body: ServeRequest, signal = new AbortController().signal) => {
  let text = '';
  const { events } = await openAnswer(serveDeps(), body, signal);
  for await (const event of events) {
    if (event.type === 'done') return { text, ...event };
    text += event.text;
  }
  throw new Error('no end');
};

/** Publishes the seeded model's version on chain, as its owner's wallet would. */
async function publish(): Promise<void> {
  const zero = `0x${'0'.repeat(64)}` as const;
  const version = { baseVersion: 0, datanetHeadsRoot: zero, trainConfigHash: zero, adapterHash: keccak256('0x01') };
  const full = { ...version, evalHash: zero, licenceHash: zero };
  const args = [2, 0n, split, 'meta', full, 'cid'];
  await world.send(devnetAccount(3), world.addresses.modelRegistry, modelRegistryAbi, 'registerAndPublish', args);
  await world.deps.db.update(models).set({ versionHash: hashModelVersion(full) });
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'openledger-worker-'));
  world = await openSettlementWorld();
  await createTinyModel(join(dir, 'models', 'tiny'));
  await createTinyAdapter(join(dir, 'adapter'), 'a');
  const store = fileObjectStore(join(dir, 'objects'));
  const place = { modelDir: join(dir, 'models', 'tiny'), adapterDir: join(dir, 'adapter') };
  const examples = rows.map((id) => ({
    id,
    messages: [...request.messages, { role: 'assistant' as const, content: id }],
  }));
  await buildAttributionIndex({ ...place, examples, outFile: join(dir, 'adapter', 'attribution.index') });
  const recipe = { maxSeqLength: 64, lossOn: 'completion' };
  writeFileSync(join(dir, 'adapter', 'run-manifest.json'), JSON.stringify({ recipe }));
  await buildSpanIndexInThread({ ...place, examples, outFile: join(dir, 'adapter', 'spans.index') });
  for (const name of ['adapter_config.json', 'adapter_model.safetensors', 'attribution.index', 'spans.index']) {
    await store.put(`adapters/ad_1/${name}`, await readFile(join(dir, 'adapter', name)));
  }
  const owner = devnetAccount(3).address;
  const contributors = rows.map((_, i) => devnetAccount(1 + i).address);
  await seedModel(world, { owner, curator: owner, contributors, split, inputWei: 101n, outputWei: 1_001n });
  const hashOf = async (name: string) => sha256(await readFile(join(dir, 'adapter', name)));
  const hashes = {
    sha256: await hashOf('adapter_model.safetensors'),
    indexSha256: await hashOf('attribution.index'),
    spanIndexSha256: await hashOf('spans.index'),
  };
  await world.deps.db.update(adapters).set({ baseModel: 'tiny', ...hashes });
  await publish();
  writeFileSync(join(dir, 'deployment.json'), JSON.stringify(world.chain.deployment));
  const port = String(await freePort());
  environment = {
    ...{ DATABASE_URL: world.database.url, RPC_URL: world.chain.url, DEPLOYMENT_FILE: join(dir, 'deployment.json') },
    ...{ OBJECT_STORE_DIR: join(dir, 'objects'), MODELS_DIR: join(dir, 'models'), ENGINE_THREADS: '1' },
    ...{ APP_URL: 'http://localhost:1', SERVE_URL: `http://127.0.0.1:${port}`, SERVE_PORT: port },
    ...{ INTERNAL_TOKEN: token, SESSION_SECRET: token, REWARD_PERIOD_SECONDS: '10' },
    OPERATOR_PRIVATE_KEY: toHex(devnetAccount(devnetRoles.operator).getHdKey().privateKey!),
  };
  for (const name of ['jobs', 'serve', 'index']) start(name);
  await vi.waitFor(async () => expect(await world.deps.db.select().from(heartbeats)).toHaveLength(3), {
    timeout: 60_000,
    interval: 200,
  });
}, 180_000);
afterAll(async () => {
  for (const child of children.values()) child.kill('SIGKILL');
  await world?.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('the worker processes', () => {
  it('follow the chain, and say how far they are', async () => {
    const payer = devnetAccount(5);
    const channel = await world.openChannel(payer, devnetAccount(7), parseEther('1'));
    const find = () => listChannelsOf(world.deps.db, payer.address, world.addresses.revenueRouter);
    await expect
      .poll(find, { timeout: 15_000 })
      .toMatchObject([{ channelId: channel.id, depositWei: parseEther('1') }]);
    const head = Number(await world.deps.chain.getBlockNumber());
    await expect
      .poll(async () => (await heartbeatOf('index'))?.facts, { timeout: 15_000 })
      .toMatchObject({ height: head, lag: 0 });
    // The sweep has work of its own: audits and harm of the adapter.
    const count = expect.any(Number);
    expect((await heartbeatOf('jobs'))?.facts).toEqual({ waiting: count, active: count, dead: 0 });
  });

  it('serve answers by adapter to those who have the token', async () => {
    const { promptIds, contextTokens } = await renderPrompt(serveDeps(), 'ad_1', request.messages);
    const first = await answer(request);
    expect(first.promptIds).toEqual(promptIds);
    expect(first.usage.completionTokens).toBe(first.completionIds.length);
    expect(promptIds.length + first.completionIds.length).toBeLessThanOrEqual(contextTokens);
    expect(await answer(request)).toMatchObject({ text: first.text, completionIds: first.completionIds });
    const url = environment.SERVE_URL;
    expect((await fetch(`${url}/generate`, { method: 'POST', body: '{}' })).status).toBe(401);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ ok: true, state: 'taking' });
    const headers = { authorization: `Bearer ${token}` };
    const listed = (await (await fetch(`${url}/adapters`, { headers })).json()) as { adapters: object[] };
    expect(listed).toMatchObject({ adapters: [{ id: 'ad_1', baseModel: 'tiny', tier: 'hot', users: 0 }] });
  });

  it('serve names what is wrong with a request', async () => {
    const post = async (body: object | string) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const response = await fetch(`${environment.SERVE_URL}/generate`, { method: 'POST', headers, body: text });
      return { status: response.status, ...((await response.json()) as { error: { code: string; message: string } }) };
    };
    expect(await post({ ...request, adapterId: 'ad_none' })).toMatchObject({
      status: 404,
      error: { code: 'adapter_not_found' },
    });
    expect(await post({ ...request, topP: 0 })).toMatchObject({ status: 400, error: { code: 'request_invalid' } });
    expect(await post('{"broken')).toMatchObject({ status: 400, error: { code: 'body_invalid' } });
    const long = [{ role: 'user', content: 'river '.repeat(400) }];
    expect(await post({ ...request, messages: long })).toMatchObject({
      status: 400,
      error: { code: 'prompt_too_long' },
    });
  });

  it('serve stops generating when the client goes away', async () => {
    const client = new AbortController();
    const reading = answer({ ...request, maxTokens: 60, temperature: 1.9 }, client.signal).catch(() => 'gone');
    client.abort();
    await reading;
    await expect.poll(async () => (await heartbeatOf('serve'))?.facts.running, { timeout: 10_000 }).toBe(0);
    expect((await answer(request)).completionIds.length).toBeGreaterThan(0);
  });

  it('take a paid question from the answer to the root on chain', { timeout: 90_000 }, async () => {
    const boss = await startQueue({ databaseUrl: world.database.url, supervise: false, onError: () => {} });
    const env = { ...serveDeps().env, FREE_ANSWERS_PER_DAY: 0, SESSION_SECRET: token } as Env;
    const deps: Deps = { ...world.deps, queue: pgBossQueue(boss), env };
    const payer = devnetAccount(5).address.toLowerCase() as `0x${string}`;
    const [channel] = await listChannelsOf(deps.db, payer, world.addresses.revenueRouter);
    const maxWei = parseEther('0.01');
    const signature = await world.signVoucher({ id: channel!.channelId, payer, signer: devnetAccount(7) }, maxWei);
    const voucher = { channelId: channel!.channelId, maxWei: maxWei.toString(), signature };
    const body = { model: 'settled', messages: request.messages, max_tokens: 12, seed: -7, voucher };
    const input = { idempotencyKey: 'k1', signal: new AbortController().signal };
    const caller = { kind: 'session', callerKey: payer, payer } as const;
    const events: AnswerEvent[] = [];
    const wanted = requestsOfChat(chatCompletionSchema.parse(body))[0]!;
    for await (const event of answerChat(deps, caller, { ...input, request: wanted })) events.push(event);
    await boss.stop({ graceful: false });
    const [started, done] = [events[0], events.at(-1)];
    if (started?.type !== 'start' || done?.type !== 'done') throw new Error('the answer has no start or end');
    expect(done.feeWei).toBe(BigInt(done.promptTokens) * 101n + BigInt(done.completionTokens) * 1_001n);

    const settlement = () => getReceiptSettlement(deps, started.receiptId);
    await vi.waitFor(async () => expect((await settlement()).period?.state).toBe('pending'), {
      timeout: 60_000,
      interval: 500,
    });
    const [receipt] = await deps.db.select().from(receipts).where(eq(receipts.id, started.receiptId));
    const { spans } = (receipt!.body as unknown as ReceiptBody).attribution;
    const [adapter] = await deps.db.select().from(adapters);
    expect(`0x${spans?.indexSha256}`).toBe(adapter!.spanIndexSha256);
    // Nothing is certified here, so the data's part goes equally over the version's rows: lines of the period, not of the receipt.
    const lines = await deps.db.select().from(rewardLines);
    const netWei = done.feeWei - (done.feeWei * 500n) / 10_000n;
    expect(lines.reduce((sum, line) => sum + line.amountWei, 0n)).toBe(netWei);
    expect(lines.filter((line) => line.role === 'common' && line.receiptId === null).length).toBeGreaterThan(0);
    const { pool, ...rest } = { pool: world.database.pool, chain: deps.chain, deployment: deps.deployment };
    expect((await auditConservation({ pool, ...rest })).differences).toEqual([]);
  });

  it('come back after kill -9 and stop in order on SIGTERM', { timeout: 60_000 }, async () => {
    const pid = (await heartbeatOf('index'))!.pid;
    await stop('index', 'SIGKILL');
    start('index');
    await expect.poll(async () => (await heartbeatOf('index'))?.pid, { timeout: 30_000 }).not.toBe(pid);
    for (const name of ['jobs', 'serve', 'index']) expect(await stop(name, 'SIGTERM')).toBe(0);
  });
});
