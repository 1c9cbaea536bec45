type Hex = `0x${string}`;

/** States of OpenZeppelin's Governor, in the contract's order. */
export const proposalStates = [
  'pending',
  'active',
  'canceled',
  'defeated',
  'succeeded',
  'queued',
  'expired',
  'executed',
] as const;
export type ProposalState = (typeof proposalStates)[number];

export type ProposalCall = { to: Hex; valueWei: bigint; data: Hex };

/** A proposal with its state, votes and quorum at the newest block. Votes in wei of GOPEN. */
export type ProposalView = {
  /** The contract's id as decimal text. */
  id: string;
  proposer: Hex;
  /** First line of the description, and what follows it. */
  title: string;
  body: string;
  calls: ProposalCall[];
  state: ProposalState;
  /** Whose votes count: what was delegated at this moment. */
  snapshotAt: Date;
  /** When voting ends; moves when the quorum is reached late. */
  deadlineAt: Date;
  /** From when it can be executed; null before it is queued. */
  etaAt: Date | null;
  votes: { forWei: bigint; againstWei: bigint; abstainWei: bigint };
  /** Votes for or abstaining that it needs. Before the snapshot: what it would need now. */
  quorumWei: bigint;
  txHash: Hex;
};

export type ParameterUnit = 'bps' | 'wei' | 'seconds';

/** A number that decisions can change, read from the chain; bounds are code and cannot be moved. */
export type ParameterView = {
  /** Its key in Params, e.g. "protocolFeeBps". */
  name: string;
  unit: ParameterUnit;
  current: bigint;
  /** What is announced and from when; null: no change is under way. */
  next: { value: bigint; from: Date } | null;
  min: bigint;
  max: bigint;
};

/** An account's means to decide. Only delegated GOPEN votes, also when it is delegated to oneself. */
export type Voter = {
  account: Hex;
  /** OPEN that could be wrapped. */
  openWei: bigint;
  /** GOPEN in the wallet. */
  wrappedWei: bigint;
  /** Votes that the account has now: its own and those delegated to it. */
  votesWei: bigint;
  /** Who votes with the account's GOPEN; null: nobody yet. */
  delegate: Hex | null;
  /** Votes needed to propose. */
  thresholdWei: bigint;
};

/** What an account's vote on one proposal weighs. `isFixed`: the snapshot has passed, nothing changes it any more. */
export type Ballot = { account: Hex; weightWei: bigint; hasVoted: boolean; isFixed: boolean };
