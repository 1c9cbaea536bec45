import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getSession } from '#app/_server/session.ts';
import { openTokenAbi } from '#contracts-abi/open-token.ts';
import { listApiKeys } from '#lib/platform/auth/queries.ts';
import { findChannelForAccount, freeWeiOf, listServableModels } from '#lib/serving/queries.ts';

/** The account's keys and what pays for them; null for a visitor. */
export async function loadKeys() {
  const session = await getSession();
  if (!session) return null;
  const deps = buildDeps();
  const { addresses } = deps.deployment;
  const [keys, channel, models, balanceWei] = await Promise.all([
    listApiKeys(deps, session.address),
    findChannelForAccount(deps.db, session.address, addresses.revenueRouter),
    listServableModels(deps.db, 50),
    deps.chain
      .readContract({
        address: addresses.openToken,
        abi: openTokenAbi,
        functionName: 'balanceOf',
        args: [session.address],
      })
      .catch(() => null),
  ]);
  return {
    keys,
    channel,
    freeWei: channel ? freeWeiOf(channel) : 0n,
    balanceWei,
    modelSlug: models.find(({ access }) => access === 'everybody')?.slug ?? null,
    appUrl: deps.env.APP_URL.replace(/\/$/, ''),
    hasFaucet: addresses.faucet !== undefined,
    nowMs: deps.now().getTime(),
  };
}
