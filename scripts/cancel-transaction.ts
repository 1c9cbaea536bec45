/**
 * `npm run cancel-transaction -- <key>`: takes one of the server's transactions back that is not included yet, e.g.
 * `submit:rp_…` when it is known to be wrong. Needs the server's own settings in the environment. Exits 1 if there was nothing to take.
 */
import { cancelTransaction } from '../lib/platform/chain/cancel-transaction.ts';
import { loadEnv } from '../lib/platform/env.ts';
import { createLogger } from '../lib/platform/log.ts';
import { buildDeps } from '../worker/deps.ts';

const [key] = process.argv.slice(2);
if (!key) {
  console.error('usage: npm run cancel-transaction -- <key>');
  process.exit(2);
}
const env = loadEnv(process.env);
const deps = await buildDeps(env, createLogger('jobs', env), { supervise: false });
const isSent = await cancelTransaction(deps, key);
console.log(isSent ? `${key}: a cancellation is sent` : `${key}: nothing to cancel`);
await deps.close();
process.exit(isSent ? 0 : 1);
