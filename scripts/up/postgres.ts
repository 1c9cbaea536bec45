import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findPostgresBinaries } from './postgres-binaries.ts';
import { choosePostgresUser, type PostgresUser } from './postgres-user.ts';
import { commandOf, findProcess, stopProcess } from './process-info.ts';
import { StartError } from './start-error.ts';

export const databaseUser = 'openledger';

export type PostgresOptions = {
  /** Folder of the cluster; made on the first start. */
  dir: string;
  port: number;
  password: string;
  /** Where the server's own log goes. */
  logFile: string;
  /** Server settings beyond the defaults, e.g. `{ fsync: 'off' }` for throw-away clusters. */
  settings?: Record<string, string>;
};

/** Address of a database on the embedded server. */
export function postgresUrl(options: Pick<PostgresOptions, 'port' | 'password'>, database: string): string {
  return `postgres://${databaseUser}:${encodeURIComponent(options.password)}@127.0.0.1:${options.port}/${database}`;
}

/**
 * Starts the embedded server, first making its cluster or clearing what a killed launcher left. Resolves when it is
 * spawned; `waitForPostgres` says when it has recovered and answers. Stop it with SIGINT (fast shutdown).
 */
export async function spawnPostgres(options: PostgresOptions): Promise<ChildProcess> {
  const { postgres, initdb } = findPostgresBinaries();
  const dir = resolve(options.dir);
  mkdirSync(join(dir, '..'), { recursive: true });
  const user = choosePostgresUser([dir, postgres]);
  if (!existsSync(join(dir, 'PG_VERSION'))) {
    const durable = options.settings?.fsync !== 'off';
    await createCluster({ initdb, dir, password: options.password, user, durable });
  }
  await stopOrphanServer(dir);
  const log = openSync(options.logFile, 'a');
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '100',
    ...options.settings,
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const { command, args, ...ids } = user.wrap(postgres, ['-D', dir, '-p', String(options.port), ...flags]);
  // Its own process group, so that Ctrl-C reaches it only through us, after those who use it.
  const child = spawn(command, args, { ...ids, cwd: dir, detached: true, stdio: ['ignore', log, log] });
  await new Promise((spawned, failed) => child.once('spawn', spawned).once('error', failed));
  return child;
}

/** Waits until the server answers, through its crash recovery, and makes `database` if it is not there. */
export async function waitForPostgres(options: PostgresOptions, database: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + 120_000;
  for (;;) {
    try {
      await ensureDatabase(options, database);
      return;
    } catch (error) {
      const ended = child.exitCode !== null || child.signalCode !== null;
      if (ended || performance.now() > deadline) {
        throw new StartError(`PostgreSQL did not start (${(error as Error).message}). Its log: ${options.logFile}`);
      }
      await sleep(50);
    }
  }
}

async function ensureDatabase(options: PostgresOptions, database: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl(options, 'postgres') });
  client.on('error', () => {}); // reported by the query that it breaks
  await client.connect();
  try {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [database]);
    if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(database)}`);
  } finally {
    await client.end();
  }
}

/** initdb in a folder of its own that is renamed when complete: one cut short by a kill leaves nothing half-made. */
async function createCluster(options: {
  initdb: string;
  dir: string;
  password: string;
  user: PostgresUser;
  durable: boolean;
}): Promise<void> {
  const draft = `${options.dir}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  const passwordFile = join(tmpdir(), `openledger-${randomBytes(8).toString('hex')}`);
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  const { owner } = options.user;
  if (owner) for (const path of [draft, passwordFile]) chownSync(path, owner.uid, owner.gid);
  try {
    // The built-in C.UTF-8 sorts the same on every machine, whatever locales it has.
    const flags = ['--encoding=UTF8', '--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = [`--username=${databaseUser}`, '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const sync = options.durable ? [] : ['--no-sync'];
    const wrapped = options.user.wrap(options.initdb, [`--pgdata=${draft}`, ...flags, ...access, ...sync]);
    await run(wrapped);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  renameSync(draft, options.dir);
}

function run(wrapped: { command: string; args: string[]; uid?: number; gid?: number }): Promise<void> {
  const { command, args, ...ids } = wrapped;
  const child = spawn(command, args, { ...ids, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => (code === 0 ? resolve() : reject(new StartError(`initdb failed:\n${output}`))));
  });
}

/**
 * postmaster.pid names the server that has the cluster open. If it lives and is a server on this folder, a killed
 * launcher left it: stop it. If the pid is somebody else's by now, the file is a leftover that would stop the start.
 */
async function stopOrphanServer(dir: string): Promise<void> {
  const file = join(dir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  const found = Number.isInteger(pid) && pid > 0 ? findProcess(pid) : null;
  if (!found || !commandOf(pid).includes(dir)) {
    rmSync(file, { force: true });
    return;
  }
  const stopped = await stopProcess(found, [
    { signal: 'SIGINT', waitMs: 8_000 },
    { signal: 'SIGQUIT', waitMs: 5_000 },
  ]);
  if (!stopped)
    throw new StartError(`The PostgreSQL of a former start (pid ${pid}) does not stop. End it: kill -QUIT ${pid}`);
}
