import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getSession } from '#app/_server/session.ts';
import { getBallot, getVoter } from '#lib/governance/get-voter.ts';
import { listParameters } from '#lib/governance/list-parameters.ts';
import { getProposal, listProposals } from '#lib/governance/list-proposals.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';

/** Proposals, parameters and the reader's means to decide; null where the chain has no Governor. */
export async function loadGovernance() {
  const deps = buildDeps();
  if (!deps.deployment.addresses.openGovernor) return null;
  const session = await getSession();
  const [proposals, parameters, voter] = await Promise.all([
    listProposals(deps),
    listParameters(deps),
    session ? getVoter(deps, session.address) : null,
  ]);
  return { proposals, parameters, voter };
}

/** One proposal with its calls in words and the reader's ballot. */
export async function loadProposal(id: string) {
  const deps = buildDeps();
  const [proposal, session] = await Promise.all([getProposal(deps, id), getSession()]);
  const [ballot, now] = await Promise.all([
    session ? getBallot(deps, session.address, proposal) : null,
    chainNow(deps),
  ]);
  const calls = proposal.calls.map((call) => ({ ...call, sentence: null, effect: null }));
  return { proposal, calls, ballot, nowMs: now.getTime() };
}
