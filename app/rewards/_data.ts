import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getSession } from '#app/_server/session.ts';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import { listEarningsByModel, listEarningsByPeriod, listEarningsByRow, listStatement } from '#lib/rewards/breakdown.ts';
import { getAccountControl } from '#lib/rewards/get-account-control.ts';
import { listControlledAccounts } from '#lib/rewards/list-controlled-accounts.ts';
import { listForeignEpochs } from '#lib/rewards/list-foreign-epochs.ts';
import { listRowFunnel } from '#lib/rewards/list-row-funnel.ts';
import { getRewards, listPeriods } from '#lib/rewards/queries.ts';

/** The signed-in account, or the one that the address bar names: earnings are public like the chain. */
export async function loadRewards(requested: string | undefined) {
  const deps = buildDeps();
  const session = await getSession();
  const named = requested && /^0x[0-9a-fA-F]{40}$/.test(requested) ? (requested.toLowerCase() as `0x${string}`) : null;
  const account = named ?? session?.address ?? null;
  const [periods, foreign] = await Promise.all([listPeriods(deps, { limit: 10 }), listForeignEpochs(deps)]);
  const canStop = foreign.some(({ state }) => state === 'pending');
  const challengeBondWei = canStop ? await readChallengeBond() : null;
  const config = deps.deployment.config;
  if (!account) return { account: null, periods, foreign, challengeBondWei, config, mine: false as const };
  const [control, now, rewards, others, byModel, byRow, byPeriod, statement, funnel] = await Promise.all([
    getAccountControl(deps, account),
    chainNow(deps),
    getRewards(deps, account),
    loadOthers(deps, account),
    listEarningsByModel(deps.db, account),
    listEarningsByRow(deps.db, account, 20),
    listEarningsByPeriod(deps.db, account, 20),
    listStatement(deps.db, account, { limit: 20 }),
    listRowFunnel(deps.db, account),
  ]);
  const mine = session?.address === account;
  return {
    account,
    mine,
    control,
    nowMs: now.getTime(),
    rewards,
    others,
    byModel,
    byRow,
    byPeriod,
    statement,
    funnel,
    periods,
    foreign,
    challengeBondWei,
    config,
  };
}

/** The ledger's bond for a first challenge; null while the chain does not answer, and then nobody could challenge either. */
export async function readChallengeBond(): Promise<bigint | null> {
  const { chain, deployment } = buildDeps();
  const ledger = { address: deployment.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  return chain.readContract({ ...ledger, functionName: 'CHALLENGE_BOND' }).catch(() => null);
}

/** Rewards of the accounts that are paid to this one, such as names that were bound to it. */
async function loadOthers(deps: ReturnType<typeof buildDeps>, account: `0x${string}`) {
  const accounts = (await listControlledAccounts(deps.db, account)).filter((other) => other !== account);
  return Promise.all(accounts.map((other) => getRewards(deps, other)));
}
