import type { DatanetField, DatanetRole, ExampleStatus } from '#db/schema/datanets.ts';

export type { DatanetField, DatanetRole, ExampleStatus };

type Address = `0x${string}`;
type Hash = `0x${string}`;

/** Newest frozen version, as lists show it. */
export type LatestVersion = { id: string; number: number; createdAt: Date; anchored: boolean };

/** One line of the list of Datanets. Counts are of accepted rows; `earnedWei` is the data share of settled periods. */
export type DatanetSummary = {
  id: string;
  slug: string;
  owner: Address;
  title: string;
  domain: string;
  language: string;
  summary: string;
  license: string;
  createdAt: Date;
  rowCount: number;
  contributorCount: number;
  modelCount: number;
  earnedWei: bigint;
  latestVersion: LatestVersion | null;
};

export type DatanetDetail = DatanetSummary & {
  description: string;
  rubric: string[];
  fields: DatanetField[];
  metaHash: Hash;
  pendingCount: number;
  curators: Address[];
  validators: Address[];
  /** Id in DatanetRegistry; null until the chain has `DatanetCreated` with this metaHash from this owner. */
  registryId: string | null;
};

/** A frozen version. `anchor` is null until the chain has accepted its root. */
export type VersionView = {
  id: string;
  datanetId: string;
  number: number;
  root: Hash;
  rowCount: number;
  contributorCount: number;
  objectKey: string;
  frozenBy: Address;
  createdAt: Date;
  anchor: { batch: string; txHash: Hash; blockNumber: number } | null;
  models: { slug: string; name: string }[];
};

/** A row that two versions do not share. Texts are null where the author has withdrawn the row, or the reader may not read it. */
export type VersionChange = {
  exampleId: string;
  /** added: only the newer version has it · removed: only the older one · changed: a better version took its place. */
  kind: 'added' | 'removed' | 'changed';
  contributor: Address;
  data: Record<string, string> | null;
  /** The text that it replaced, for changed rows. */
  before: Record<string, string> | null;
};

export type VersionComparison = {
  from: VersionView;
  to: VersionView;
  counts: Record<VersionChange['kind'], number>;
  items: VersionChange[];
  nextCursor: string | null;
};

/** Who added what to a Datanet, and what it has earned in settled periods. */
export type ContributorView = {
  contributor: Address;
  /** The name of somebody without a wallet. */
  handle: string | null;
  accepted: number;
  pending: number;
  rejected: number;
  lastAt: Date;
  earnedWei: bigint;
};

export type DatanetModel = {
  id: string;
  slug: string;
  name: string;
  summary: string;
  owner: Address;
  versionNumber: number;
  live: boolean;
  createdAt: Date;
  answers: number;
  dataEarnedWei: bigint;
};

/** What a Datanet's contributors earned in one settled reward period. */
export type EarningsPeriod = { number: number; closedAt: Date; answers: number; dataWei: bigint; earners: number };

/** How long the accepted texts of a field are, in characters, with a histogram of at most 8 equal bins. */
export type ColumnStats = {
  field: string;
  /** Rows that were read and have the field. */
  count: number;
  /** How many accepted rows there are, where only a sample of them was read; else null. */
  sampleOf: number | null;
  minChars: number;
  maxChars: number;
  meanChars: number;
  bins: { from: number; to: number; count: number }[];
};

/** Domain of a file that somebody sent to train on: its owner's alone, so no list of Datanets shows it. */
export const trainingFileDomain = 'training-file';

/** What Datanets can be told apart by in their list; each is a parameter of its address. */
export const datanetFacets = ['domain', 'language', 'license', 'access', 'size', 'state'] as const;
export type DatanetFacet = (typeof datanetFacets)[number];

/** Values of each facet with the number of Datanets, most first. */
export type DatanetFacets = Record<DatanetFacet, { value: string; count: number }[]>;

export const datanetSorts = ['newest', 'rows', 'earned', 'title'] as const;
export type DatanetSort = (typeof datanetSorts)[number];

/** One page of a list; `nextCursor` is null on the last page. */
export type Page<T> = { items: T[]; nextCursor: string | null };

/** Terms that a Datanet registers with: stake of who proposes a version, who may propose. */
export type RegistryTerms = { joinStakeWei: bigint; access: number };

/** DatanetRegistry's policy, as the contract has it. */
export type RegistryPolicy = {
  joinStake: bigint;
  reviewPeriod: number;
  curatorQuorum: number;
  ownerBps: number;
  dedup: number;
};

/** What the registry says now: its policy, who may propose, and the accounts that hold the role of a curator. */
export type ChainTerms = { policy: RegistryPolicy; access: number; curators: Address[] };

/** A curator's signature under a proposed batch. */
export type BatchApproval = { curator: Address; signature: Hash };

/** Arguments of DatanetRegistry.create: policy, access, metaHash as metaCid (registry-calls.ts). */
export type RegisterDatanetArgs = readonly [policy: RegistryPolicy, access: number, metaCid: string];

/** Arguments of DatanetRegistry.commit: registry id, root, number of rows, object key as dataCid (registry-calls.ts). */
export type AnchorVersionArgs = readonly [id: bigint, root: Hash, count: number, dataCid: string];
