import type { GoalSource } from '#db/schema/bounties.ts';

export type { GoalSource };

type Address = `0x${string}`;
type Hash = `0x${string}`;

export const bountyKinds = ['data', 'run'] as const;
/** data: rows of a Datanet are wanted. run: many pay for one training. */
export type BountyKind = (typeof bountyKinds)[number];

/**
 * unopened: written, no money behind it yet · funding: money comes in · awarding: awards can be made · missed: less came in than the
 * target, everything goes back · over: the deadline has passed, what nobody was awarded goes back.
 */
export type BountyState = 'unopened' | 'funding' | 'awarding' | 'missed' | 'over';

/** What the contract holds to; times are the chain's. */
export type BountyTerms = {
  /** Number of the Datanet in its registry; null for runs. */
  registryId: string | null;
  /** Who decides about a run; null where the Datanet's curators decide. */
  judge: Address | null;
  unitWei: bigint;
  targetWei: bigint;
  fundUntil: Date;
  deadline: Date;
  windowSeconds: number;
  firmBps: number;
};

/** A goal as lists show it. `onChain` is null until the chain has it from its author. */
export type BountySummary = {
  id: string;
  kind: BountyKind;
  author: Address;
  title: string;
  goal: string;
  goalHash: Hash;
  source: GoalSource | null;
  datanet: { id: string; slug: string; title: string };
  createdAt: Date;
  state: BountyState;
  onChain: { number: string; openedAt: Date; terms: BountyTerms; fundedWei: bigint; awardedWei: bigint } | null;
};

export type Sponsor = { address: Address; givenWei: bigint; refundedWei: bigint | null };

export type Award = {
  number: number;
  by: Address;
  sumWei: bigint;
  payableAt: Date;
  /** Leaves of rows, or the hash of a model's version. */
  subjects: Hash[];
  payees: Address[];
  objections: { sponsor: Address; partWei: bigint; reason: string }[];
  paidWei: bigint | null;
};

export type BountyDetail = BountySummary & { sponsors: Sponsor[]; awards: Award[] };

/** A row that a curator may award: accepted, in the newest version on chain, newer than the bounty, not awarded yet. */
export type AwardableRow = { exampleId: string; contributor: Address; data: Record<string, string>; createdAt: Date };

/** Arguments of Bounties.open, without the first gift. */
export type OpenTerms = {
  datanetId: bigint;
  judge: Address;
  unit: bigint;
  target: bigint;
  fundUntil: number;
  deadline: number;
  window: number;
  firmBps: number;
};

/** Arguments of Bounties.awardRows. */
export type AwardRowsArgs = readonly [
  id: bigint,
  snapshot: { previousHead: Hash; root: Hash; count: bigint },
  rows: readonly {
    record: { contributor: Address; contentHash: Hash; contributedAt: bigint };
    proof: readonly Hash[];
  }[],
];

/** Arguments of Bounties.awardRun. */
export type AwardRunArgs = readonly [
  id: bigint,
  modelId: bigint,
  previousHead: Hash,
  version: {
    baseVersion: number;
    datanetHeadsRoot: Hash;
    trainConfigHash: Hash;
    adapterHash: Hash;
    evalHash: Hash;
    licenceHash: Hash;
  },
];

/** Something of one's own that shows what is missing, ready to become a goal. */
export type Wish = {
  source: GoalSource;
  kind: BountyKind;
  datanet: { slug: string; title: string };
  title: string;
  why: string;
  createdAt: Date;
};
