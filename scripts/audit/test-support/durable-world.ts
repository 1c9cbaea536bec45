import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { toHex } from 'viem';
import { openDatabase } from '#db/client.ts';
import { migrate } from '#db/migrate.ts';
import { deploy } from '#scripts/contracts/deploy.ts';
import { devnetAccount, devnetConfig, devnetRoles } from '#scripts/contracts/devnet-config.ts';
import { callRpc } from '#scripts/up/devnet/call-rpc.ts';
import { freePort } from '#scripts/up/ports.ts';
import { postgresUrl, spawnPostgres, waitForPostgres } from '#scripts/up/postgres.ts';
import { buildSettlementWorld } from './settlement-world.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const chainId = 31_337;
export type DurableProcess = 'settler' | 'index' | 'database' | 'chain';

/** A world whose database, chain and workers are processes on disk, as `npm start` runs them, to be killed at will. */
export async function openDurableWorld(config: { windowSeconds: number }) {
  const dir = mkdtempSync(join(tmpdir(), 'openledger-durable-'));
  const [databasePort, chainPort] = [await freePort(), await freePort()];
  const postgres = {
    dir: join(dir, 'postgres'),
    port: databasePort,
    password: 'test',
    logFile: join(dir, 'postgres.log'),
  };
  const [databaseUrl, rpcUrl] = [postgresUrl(postgres, 'openledger'), `http://127.0.0.1:${chainPort}`];
  const children = new Map<DurableProcess, ChildProcess>();
  const node = (args: string[], env: Record<string, string>) =>
    spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } });
  const workerEnv = workerEnvironment(dir, databaseUrl, rpcUrl);
  const start: Record<DurableProcess, () => Promise<void>> = {
    async database() {
      const server = await spawnPostgres(postgres);
      children.set('database', server);
      await waitForPostgres(postgres, 'openledger', server);
    },
    async chain() {
      const args = ['--dir', join(dir, 'anvil'), '--port', String(chainPort), '--chain-id', String(chainId)];
      children.set('chain', node([join(root, 'scripts/up/devnet/main.ts'), ...args], {}));
      children.get('chain')!.stdout!.resume();
      await untilItAnswers(rpcUrl);
    },
    async settler() {
      const settler = node([join(root, 'scripts/audit/test-support/settle-forever.ts')], workerEnv);
      children.set('settler', settler);
      await once(settler.stdout!, 'data');
    },
    async index() {
      const index = node([join(root, 'worker/main.ts'), 'index'], workerEnv);
      children.set('index', index);
      index.stdout!.resume();
    },
  };
  await start.database();
  await migrate(databaseUrl);
  await start.chain();
  const privateKey = toHex(devnetAccount(devnetRoles.deployer).getHdKey().privateKey!);
  const deployment = await deploy({ rpcUrl, chainId, privateKey, config: { ...devnetConfig, ...config } });
  writeFileSync(join(dir, 'deployment.json'), JSON.stringify(deployment));
  const { db, pool, close } = openDatabase(databaseUrl);
  const stop = async () => {};
  const world = buildSettlementWorld({ url: databaseUrl, db, pool, close }, { url: rpcUrl, chainId, deployment, stop });
  return {
    world,
    start: (name: DurableProcess) => start[name](),
    isAlive(name: DurableProcess) {
      const child = children.get(name);
      return child !== undefined && child.exitCode === null && child.signalCode === null;
    },
    /** kill -9, as a crash or the power would. */
    async kill(name: DurableProcess) {
      const child = children.get(name);
      if (!child || child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
    async close() {
      await world.close();
      // The chain's process ends its anvil, the database its backends; the others have nothing to end.
      for (const child of children.values()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        child.kill(child === children.get('database') ? 'SIGQUIT' : 'SIGTERM');
        await Promise.race([ended, sleep(8_000)]);
        child.kill('SIGKILL');
      }
      rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function workerEnvironment(dir: string, databaseUrl: string, rpcUrl: string): Record<string, string> {
  const secret = 'x'.repeat(32);
  return {
    ...{ NODE_ENV: 'production', LOG_LEVEL: 'error', APP_URL: 'http://localhost:1', SERVE_URL: 'http://127.0.0.1:1' },
    ...{ DATABASE_URL: databaseUrl, RPC_URL: rpcUrl, DEPLOYMENT_FILE: join(dir, 'deployment.json') },
    ...{ OBJECT_STORE_DIR: join(dir, 'objects'), INTERNAL_TOKEN: secret, SESSION_SECRET: secret },
    OPERATOR_PRIVATE_KEY: toHex(devnetAccount(devnetRoles.operator).getHdKey().privateKey!),
  };
}

async function untilItAnswers(rpcUrl: string): Promise<void> {
  for (const begun = performance.now(); ; await sleep(50)) {
    try {
      await callRpc(rpcUrl, 'eth_chainId', []);
      return;
    } catch (error) {
      if (performance.now() - begun > 60_000) throw error;
    }
  }
}
