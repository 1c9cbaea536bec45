/** A process that settles whatever there is, again and again, through failures; kill.test.ts kills it with -9. */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadEnv } from '../../../lib/platform/env.ts';
import { createLogger } from '../../../lib/platform/log.ts';
import { settleRewardPeriod } from '../../../lib/rewards/settle-reward-period.ts';
import { buildDeps } from '../../../worker/deps.ts';

const env = loadEnv(process.env);
const log = createLogger('jobs', env);
const deps = await buildDeps(env, log, { supervise: false });
process.stdout.write('ready\n');
for (;;) {
  await settleRewardPeriod(deps).catch((err) => log.info({ err }, 'settlement failed, tried again'));
  await sleep(50);
}
