import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseEther, toHex } from 'viem';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { chainTransactions, rewardLines, rewardPeriods } from '#db/schema/settlement.ts';
import { settleRewardPeriod } from '#lib/rewards/settle-reward-period.ts';
import { devnetAccount, devnetRoles } from '#scripts/contracts/devnet-config.ts';
import { auditConservation, formatAudit } from './conservation.ts';
import { openGateway, seedModel } from './test-support/paid-answers.ts';
import { openSettlementWorld, type SettlementWorld } from './test-support/settlement-world.ts';

const kills = 20;
const script = fileURLToPath(new URL('./test-support/settle-forever.ts', import.meta.url));
let world: SettlementWorld;
let dir: string;
let child: ChildProcess | null = null;

async function startSettler(): Promise<ChildProcess> {
  const secret = 'x'.repeat(32);
  const started = spawn(process.execPath, [script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...{ PATH: process.env.PATH, NODE_ENV: 'production', LOG_LEVEL: 'silent', APP_URL: 'http://localhost:1' },
      ...{ DATABASE_URL: world.database.url, RPC_URL: world.chain.url, DEPLOYMENT_FILE: join(dir, 'deployment.json') },
      ...{ OBJECT_STORE_DIR: join(dir, 'objects'), SERVE_URL: 'http://127.0.0.1:1' },
      ...{ INTERNAL_TOKEN: secret, SESSION_SECRET: secret },
      OPERATOR_PRIVATE_KEY: toHex(devnetAccount(devnetRoles.operator).getHdKey().privateKey!),
    },
  });
  await once(started.stdout!, 'data');
  return started;
}

beforeAll(async () => {
  world = await openSettlementWorld({ windowSeconds: 24 });
  dir = mkdtempSync(join(tmpdir(), 'openledger-kill-'));
  writeFileSync(join(dir, 'deployment.json'), JSON.stringify(world.chain.deployment));
}, 180_000);
afterAll(async () => {
  child?.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
  await world?.close();
});

it(`settles everything once although its process is killed ${kills} times`, { timeout: 300_000 }, async () => {
  const [payer, key, owner] = [devnetAccount(5), devnetAccount(7), devnetAccount(3)];
  const channel = await world.openChannel(payer, key, parseEther('5'));
  await world.index();
  const gateway = await openGateway(world);
  const seeded = await seedModel(world, {
    ...{ owner: owner.address, curator: owner.address, contributors: [1, 2, 4].map((n) => devnetAccount(n).address) },
    ...{
      split: { data: 6_000, model: 2_000, app: 0, infra: 1_000, validators: 500 },
      inputWei: 1_000_003n,
      outputWei: 7_000_001n,
    },
  });
  let chargedWei = 0n;
  for (let kill = 0; kill < kills; kill++) {
    chargedWei += (await gateway.ask(seeded, channel, 3 + kill, { ex_0: 5n, ex_1: BigInt(kill) })).feeWei;
    await world.chain.passTime(2);
    child = await startSettler();
    // Spread over what a settlement takes, the same in every run: one kill hits each part of it.
    await sleep(createHash('sha256').update(`kill ${kill}`).digest().readUInt16BE(0) % 500);
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  }
  await gateway.close();
  for (let i = 0; i < 5; i++) {
    await world.chain.passTime(2);
    if ((await settleRewardPeriod(world.deps)) === null) break;
  }
  await world.index();
  const { db, chain, deployment } = world.deps;
  const audit = await auditConservation({ pool: world.database.pool, chain, deployment });
  expect(audit.differences, formatAudit(audit)).toEqual([]);
  const periods = await db.select().from(rewardPeriods);
  expect(periods.every((period) => period.status === 'submitted')).toBe(true);
  expect(periods.reduce((sum, period) => sum + period.grossWei, 0n)).toBe(chargedWei);
  const lines = await db.select().from(rewardLines);
  expect(lines.reduce((sum, line) => sum + line.amountWei, 0n)).toBe(
    periods.reduce((sum, period) => sum + period.netWei, 0n),
  );
  const sent = await db.select().from(chainTransactions);
  expect(sent.filter((row) => row.status === 'reverted')).toEqual([]);
  for (const { id } of periods) {
    const submissions = sent.filter((row) => row.key === `submit:${id}`);
    expect(submissions).toMatchObject([{ status: 'included' }]);
  }
  console.log(`${kills} kills, ${periods.length} periods, ${sent.length} transactions`);
});
