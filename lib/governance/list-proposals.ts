import { and, desc, eq, sql } from 'drizzle-orm';
import { chainEvents } from '#db/schema/settlement.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { ProposalNotFoundError } from './errors.ts';
import { governanceContracts } from './governance-contracts.ts';
import { readProposalText } from './rules.ts';
import { type ProposalCall, type ProposalView, proposalStates } from './types.ts';

type ReadDeps = Pick<Deps, 'db' | 'chain' | 'deployment'>;
type EventRow = Pick<typeof chainEvents.$inferSelect, 'args' | 'txHash'>;
type Hex = `0x${string}`;

/** Proposals, newest first. Cost: five reads of the chain each. @throws {GovernanceMissingError} */
export async function listProposals(deps: ReadDeps, limit = 25): Promise<ProposalView[]> {
  governanceContracts(deps);
  const rows = await created(deps).limit(limit);
  return Promise.all(rows.map((row) => toProposal(deps, row)));
}

/** One proposal. @throws {ProposalNotFoundError} {@link GovernanceMissingError} */
export async function getProposal(deps: ReadDeps, id: string): Promise<ProposalView> {
  governanceContracts(deps);
  const [row] = await created(deps, id).limit(1);
  if (!row) throw new ProposalNotFoundError(id);
  return toProposal(deps, row);
}

function created({ db }: ReadDeps, id?: string) {
  return db
    .select({ args: chainEvents.args, txHash: chainEvents.txHash })
    .from(chainEvents)
    .where(
      and(
        eq(chainEvents.contract, 'openGovernor'),
        eq(chainEvents.name, 'ProposalCreated'),
        id === undefined ? undefined : sql`${chainEvents.args} ->> 'proposalId' = ${id}`,
      ),
    )
    .orderBy(desc(chainEvents.blockNumber), desc(chainEvents.logIndex));
}

async function toProposal(deps: ReadDeps, { args, txHash }: EventRow): Promise<ProposalView> {
  const { governor } = governanceContracts(deps);
  const id = BigInt(String(args.proposalId));
  // In the next block: a chain that mines only on demand would tell of a clock that stands still.
  const at = { ...governor, blockTag: 'pending' } as const;
  const read = { ...at, args: [id] } as const;
  const { chain } = deps;
  const [state, [againstWei, forWei, abstainWei], deadline, eta, clock] = await Promise.all([
    chain.readContract({ ...read, functionName: 'state' }),
    chain.readContract({ ...read, functionName: 'proposalVotes' }),
    chain.readContract({ ...read, functionName: 'proposalDeadline' }),
    chain.readContract({ ...read, functionName: 'proposalEta' }),
    chain.readContract({ ...at, functionName: 'clock' }),
  ]);
  const snapshot = BigInt(String(args.voteStart));
  const known = snapshot < BigInt(clock) ? snapshot : BigInt(clock) - 1n;
  const quorumWei = await chain.readContract({ ...at, functionName: 'quorum', args: [known] });
  return {
    id: id.toString(),
    proposer: String(args.proposer) as Hex,
    ...readProposalText(String(args.description)),
    calls: callsOf(args),
    state: proposalStates[state]!,
    snapshotAt: new Date(Number(snapshot) * 1000),
    deadlineAt: new Date(Number(deadline) * 1000),
    etaAt: eta === 0n ? null : new Date(Number(eta) * 1000),
    votes: { forWei, againstWei, abstainWei },
    quorumWei,
    txHash: txHash as Hex,
  };
}

/** The indexer stores a list as `targets.0`, `targets.1`, …; calldata of nothing is "0x". */
function callsOf(args: EventRow['args']): ProposalCall[] {
  const calls: ProposalCall[] = [];
  for (let i = 0; args[`targets.${i}`] !== undefined; i++) {
    calls.push({
      to: String(args[`targets.${i}`]) as Hex,
      valueWei: BigInt(String(args[`values.${i}`])),
      data: String(args[`calldatas.${i}`]) as Hex,
    });
  }
  return calls;
}
