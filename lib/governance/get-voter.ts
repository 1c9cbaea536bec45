import { openTokenAbi } from '#contracts-abi/open-token.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { governanceContracts } from './governance-contracts.ts';
import type { Ballot, Voter } from './types.ts';

type ReadDeps = Pick<Deps, 'chain' | 'deployment'>;
type Hex = `0x${string}`;

/** What an account could decide with at the newest block. @throws {GovernanceMissingError} */
export async function getVoter(deps: ReadDeps, account: Hex): Promise<Voter> {
  const { governor, votes } = governanceContracts(deps);
  const { chain } = deps;
  const args = [account] as const;
  const open = { address: deps.deployment.addresses.openToken, abi: openTokenAbi } as const;
  const [openWei, wrappedWei, votesWei, delegate, thresholdWei] = await Promise.all([
    chain.readContract({ ...open, functionName: 'balanceOf', args }),
    chain.readContract({ ...votes, functionName: 'balanceOf', args }),
    chain.readContract({ ...votes, functionName: 'getVotes', args }),
    chain.readContract({ ...votes, functionName: 'delegates', args }),
    chain.readContract({ ...governor, functionName: 'proposalThreshold' }),
  ]);
  const isDelegated = BigInt(delegate) !== 0n;
  return { account, openWei, wrappedWei, votesWei, delegate: isDelegated ? delegate : null, thresholdWei };
}

/** What an account's vote on a proposal weighs, and whether it was cast. The snapshot may lie ahead: then the weight of now. */
export async function getBallot(
  deps: ReadDeps,
  account: Hex,
  proposal: { id: string; snapshotAt: Date },
): Promise<Ballot> {
  const { governor } = governanceContracts(deps);
  const at = { ...governor, blockTag: 'pending' } as const;
  const { chain } = deps;
  const snapshot = BigInt(proposal.snapshotAt.getTime() / 1000);
  const now = BigInt(await chain.readContract({ ...at, functionName: 'clock' }));
  const isPast = snapshot < now;
  const [weightWei, hasVoted] = await Promise.all([
    chain.readContract({ ...at, functionName: 'getVotes', args: [account, isPast ? snapshot : now - 1n] }),
    chain.readContract({ ...at, functionName: 'hasVoted', args: [BigInt(proposal.id), account] }),
  ]);
  return { account, weightWei, hasVoted, isFixed: isPast };
}
