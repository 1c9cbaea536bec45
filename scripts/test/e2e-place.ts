import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Where the end-to-end tests' own installation runs. Its addresses and chain id are in `<dataDir>/runtime.json`, its
 * pids in `<dataDir>/processes.json`, once it is up.
 */
export const e2ePlace = {
  port: Number(process.env.E2E_PORT ?? 3200),
  baseUrl: `http://localhost:${process.env.E2E_PORT ?? 3200}`,
  /** How long a day of the protocol lasts there: long enough to vote, draw and reveal on a busy machine. */
  daySeconds: 30,
  dataDir: join(fileURLToPath(new URL('../..', import.meta.url)), '.cache/e2e'),
};
