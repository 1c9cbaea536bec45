import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getSession } from '#app/_server/session.ts';
import type { DescribedCall } from '#components/governance/proposal-calls.tsx';
import { contractSentences } from '#components/wallet/transaction/contract-sentences.ts';
import { describeCall } from '#lib/governance/describe-call.ts';
import { getBallot, getVoter } from '#lib/governance/get-voter.ts';
import { listParameters } from '#lib/governance/list-parameters.ts';
import { getProposal, listProposals } from '#lib/governance/list-proposals.ts';
import { type SimulatedCall, simulateProposal } from '#lib/governance/simulate-proposal.ts';
import type { ProposalView } from '#lib/governance/types.ts';
import { chainNow } from '#lib/platform/chain/chain-now.ts';
import type { Deps } from '#lib/platform/deps.ts';

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
  return { proposal, calls: await describeCalls(deps, proposal), ballot, nowMs: now.getTime() };
}

/** Each call in words, with what it would do now; what is decided already is not run again. */
async function describeCalls(deps: Deps, { calls, state }: ProposalView): Promise<DescribedCall[]> {
  const isOpen = state === 'pending' || state === 'active' || state === 'succeeded' || state === 'queued';
  const runs = isOpen ? await simulateProposal(deps, calls) : [];
  return calls.map((call, at) => {
    const sentence = describeCall(deps.deployment, call)?.sentence ?? null;
    return { ...call, sentence, effect: runs[at] ? describeRun(runs[at]) : null };
  });
}

function describeRun({ ok, effects, failure }: SimulatedCall): { ok: boolean; text: string } {
  if (ok) return { ok, text: effects.join(' ') || 'Nothing that a contract announces.' };
  const sentence = failure && contractSentences[failure.errorName]?.(failure.errorArgs);
  return { ok, text: sentence ?? failure?.errorName ?? 'The contract gave no reason.' };
}
