import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from './ports.ts';
import { type PostgresOptions, postgresUrl, spawnPostgres, waitForPostgres } from './postgres.ts';
import { findProcess } from './process-info.ts';

let root: string;
let options: PostgresOptions;
let server: ChildProcess;

async function start(): Promise<void> {
  server = await spawnPostgres(options);
  await waitForPostgres(options, 'openledger', server);
}

async function query(sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: postgresUrl(options, 'openledger') });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

function end(signal: NodeJS.Signals): Promise<unknown> {
  const ended = new Promise((resolve) => server.once('exit', resolve));
  server.kill(signal);
  return ended;
}

beforeEach(async () => {
  // mkdtemp's 0700 folder, owned by whoever runs the test, is the case of a clone in root's home.
  root = mkdtempSync(join(tmpdir(), 'openledger-postgres-'));
  options = {
    dir: join(root, 'data'),
    port: await freePort(),
    password: 'p@ss/word',
    logFile: join(root, 'log'),
    // What a killed process has written stays with the system; waiting for the disk proves nothing here.
    settings: { fsync: 'off' },
  };
});

afterEach(async () => {
  if (server.exitCode === null && server.signalCode === null) await end('SIGINT');
  rmSync(root, { recursive: true, force: true });
});

describe('embedded PostgreSQL', () => {
  it('keeps committed rows through kill -9', async () => {
    await start();
    await query('create table t (n int)');
    await query('insert into t values (7)');
    await end('SIGKILL');
    await start();
    expect(await query('select n from t')).toEqual([{ n: 7 }]);
  });

  it('stops the server that a killed launcher left on the same folder', async () => {
    await start();
    await query('create table t (n int)');
    const orphan = server.pid!;
    await start();
    expect(findProcess(orphan)).toBeNull();
    expect(await query('select count(*)::int as n from t')).toEqual([{ n: 0 }]);
  });

  it('starts although postmaster.pid names a process that is not a server', async () => {
    await start();
    await end('SIGKILL');
    writeFileSync(join(options.dir, 'postmaster.pid'), `${process.pid}\n${options.dir}\n`);
    await start();
    expect(await query('select 1 as n')).toEqual([{ n: 1 }]);
  });

  it('begins again after an initdb cut short', async () => {
    mkdirSync(`${options.dir}.new`, { recursive: true });
    writeFileSync(join(`${options.dir}.new`, 'PG_VERSION'), '18');
    await start();
    expect(await query('show server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
  });
});
