import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { migrate } from '../../db/migrate.ts';
import { freePort } from '../up/ports.ts';
import { type PostgresOptions, postgresUrl, spawnPostgres, waitForPostgres } from '../up/postgres.ts';
import { findProcess, stopProcess } from '../up/process-info.ts';
import { ReaperLink } from '../up/reaper-link.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Addresses on the test server; see scripts/test/postgres.ts. */
    postgres: { adminUrl: string; template: string };
  }
}

/** Once for a test run: a throw-away PostgreSQL with a migrated template, which each test file copies in milliseconds. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = mkdtempSync(join(tmpdir(), 'openledger-test-'));
  const options: PostgresOptions = {
    dir: join(root, 'postgres'),
    port: await freePort(),
    password: 'test',
    logFile: join(root, 'postgres.log'),
    // Nothing here must survive a crash of the machine, so it need not wait for the disk.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '200' },
  };
  const server = await spawnPostgres(options);
  const identity = findProcess(server.pid!)!;
  const reaper = new ReaperLink();
  reaper.watch([{ ...identity, name: 'postgres', wave: 2 }]);
  const template = 'openledger_template';
  await waitForPostgres(options, template, server);
  await migrate(postgresUrl(options, template));
  project.provide('postgres', { adminUrl: postgresUrl(options, 'postgres'), template });
  return async () => {
    await stopProcess(identity, [{ signal: 'SIGQUIT', waitMs: 5_000 }]);
    reaper.dismiss();
    rmSync(root, { recursive: true, force: true });
  };
}
