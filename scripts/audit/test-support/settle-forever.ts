/** A process that settles whatever there is, again and again; kill.test.ts kills it with -9 in the middle. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadEnv } from '../../../lib/platform/env.ts';
import { createLogger } from '../../../lib/platform/log.ts';
import { settleRewardPeriod } from '../../../lib/rewards/settle-reward-period.ts';
import { buildDeps } from '../../../worker/deps.ts';

const env = loadEnv(process.env);
const deps = await buildDeps(env, createLogger('jobs', env), { supervise: false });
process.stdout.write('ready\n');
for (;;) {
  const period = await settleRewardPeriod(deps).catch((error: { code?: string }) => {
    if (error.code !== 'settlement_not_ready') throw error;
    return null;
  });
  await sleep(period ? 20 : 100);
}
