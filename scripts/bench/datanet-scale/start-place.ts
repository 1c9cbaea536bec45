import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { migrate } from '#db/migrate.ts';
import { buildWeb } from '../../up/build-web.ts';
import { freePort } from '../../up/ports.ts';
import { type PostgresOptions, postgresUrl, spawnPostgres, waitForPostgres } from '../../up/postgres.ts';
import { findProcess, stopProcess } from '../../up/process-info.ts';
import { makeChecks } from './make-checks.ts';
import { makeRows } from './million-rows.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export type ScalePlace = {
  databaseUrl: string;
  appUrl: string;
  objects: string;
  serverPid: number;
  stop(): Promise<void>;
};

/**
 * A PostgreSQL of its own with `rows` rows, and the production web server in front of it. The rows are kept in the folder of temporary
 * files for the next run; a run that was cut short makes them anew. Nothing here asks the chain, so there is none.
 */
export async function startPlace(rows: number, log: (remark: string) => void): Promise<ScalePlace> {
  const folder = join(tmpdir(), `openledger-bench-datanet-${rows}`);
  mkdirSync(folder, { recursive: true });
  const options: PostgresOptions = {
    ...{ dir: join(folder, 'postgres'), port: await freePort(), password: 'bench' },
    logFile: join(folder, 'postgres.log'),
  };
  const postgres = await spawnPostgres(options);
  await waitForPostgres(options, 'openledger', postgres);
  const databaseUrl = postgresUrl(options, 'openledger');
  await migrate(databaseUrl);
  const made = join(folder, 'made');
  if (!existsSync(made)) {
    await makeRows(databaseUrl, rows, log);
    writeFileSync(made, String(rows));
  }
  const checked = join(folder, 'checked');
  if (!existsSync(checked)) {
    await makeChecks(databaseUrl, rows, log);
    writeFileSync(checked, String(rows));
  }
  await buildWeb(root, { env: {}, logFile: join(folder, 'build.log') });
  const objects = join(folder, 'objects');
  const server = await startServer({ folder, databaseUrl, objects });
  const stop = async () => {
    for (const pid of [server.child.pid!, postgres.pid!]) {
      const found = findProcess(pid);
      if (found) await stopProcess(found, [{ signal: 'SIGINT', waitMs: 10_000 }]);
    }
  };
  return { databaseUrl, objects, appUrl: server.url, serverPid: server.child.pid!, stop };
}

type ServerPlace = { folder: string; databaseUrl: string; objects: string };

async function startServer({
  folder,
  databaseUrl,
  objects,
}: ServerPlace): Promise<{ child: ChildProcess; url: string }> {
  const port = String(await freePort());
  const url = `http://127.0.0.1:${port}`;
  const nowhere = `0x${'0'.repeat(40)}`;
  const names = [
    'openToken',
    'datanetRegistry',
    'modelRegistry',
    'inferenceChannels',
    'revenueRouter',
    'attributionLedger',
  ];
  const deployment = {
    chainId: 1612,
    startBlock: 0,
    addresses: Object.fromEntries(names.map((name) => [name, nowhere])),
  };
  const deploymentFile = join(folder, 'deployment.json');
  writeFileSync(deploymentFile, JSON.stringify({ ...deployment, config: { windowSeconds: 60, protocolFeeBps: 500 } }));
  const env: NodeJS.ProcessEnv = {
    ...{ ...process.env, NODE_ENV: 'production' as const, PORT: port, APP_URL: url, DATABASE_URL: databaseUrl },
    ...{ RPC_URL: 'http://127.0.0.1:9', CHAIN_ID: '1612', DEPLOYMENT_FILE: deploymentFile, OBJECT_STORE_DIR: objects },
    ...{ SERVE_URL: 'http://127.0.0.1:9', INTERNAL_TOKEN: 'i'.repeat(40), SESSION_SECRET: 's'.repeat(40) },
    OPERATOR_PRIVATE_KEY: `0x${'1'.repeat(64)}`,
  };
  const out = openSync(join(folder, 'web.log'), 'w');
  const args = ['node_modules/next/dist/bin/next', 'start', '-p', port, '-H', '127.0.0.1'];
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', out, out] });
  for (let tries = 0; ; tries++) {
    if (
      await fetch(`${url}/api/v1/datanets`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return { child, url };
    const log = readFileSync(join(folder, 'web.log'), 'utf8');
    if (child.exitCode !== null || tries > 240) throw new Error(`The web server does not start:\n${log}`);
    await sleep(500);
  }
}
