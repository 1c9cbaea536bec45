import type { RevenueSplit, RunStatus } from '#db/schema/models.ts';
import type { Tier } from '#lib/access/types.ts';
import type { EarningRole } from '#lib/rewards/types.ts';

export type { RevenueSplit, RunStatus };

type Address = `0x${string}`;
type Hash = `0x${string}`;

/** A base model as the wizard offers it. */
export type BaseModelInfo = {
  name: string;
  parameters: number;
  contextTokens: number;
  license: string;
  /** Hugging Face's name, e.g. LlamaForCausalLM. */
  architecture: string;
  /** F32, F16 or BF16. */
  storedAs: string;
  /** Sentences about what works otherwise than one may expect. */
  notes: string[];
  /** Widths from config.json, for the size of an adapter. */
  shape: {
    layers: number;
    hidden: number;
    intermediate: number;
    heads: number;
    keyValueHeads: number;
    headDim: number;
  };
};

/** A folder of a model that cannot be trained or served here; `problems` says why, a sentence each. */
export type RefusedBaseModel = { name: string; problems: string[] };

export type BaseModels = { offered: BaseModelInfo[]; refused: RefusedBaseModel[] };

/** What training said, as stored; `seq` orders it and is the SSE event id. */
export type RunEvent = { seq: number; type: string; data: Record<string, unknown>; at: string };

export type RunSummary = {
  id: string;
  name: string;
  owner: Address;
  status: RunStatus;
  baseModel: string;
  preset: string;
  datanet: { id: string; slug: string; title: string };
  version: { id: string; number: number; rowCount: number };
  totalSteps: number | null;
  step: number;
  errorCode: string | null;
  errorMessage: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
  adapterId: string | null;
  evalLoss: number | null;
  baseEvalLoss: number | null;
  modelSlug: string | null;
};

/** A frozen version with enough rows to train on. `anchored`: the chain has accepted its root. */
export type TrainableVersion = {
  id: string;
  number: number;
  datanet: { id: string; slug: string; title: string; domain: string; summary: string };
  /** Labels of its columns: the first asks, the second answers. */
  fields: string[];
  /** Who may read the rows; training on this server takes the right to read them. */
  tier: Tier;
  rowCount: number;
  contributorCount: number;
  license: string;
  root: Hash;
  createdAt: string;
  anchored: boolean;
};

/**
 * What the trainer would see of a version on a base. Tokens as the base's own tokenizer counts them; of a large version
 * `countedRows` were counted and the sums scaled.
 */
export type TrainingCheck = {
  trainRows: number;
  heldOutRows: number;
  /** Readings of a pass: the training rows, where none has a weight. */
  rowsPerPass: number;
  /** Of a mix: what each part brings. `copiesOfOthers`: of its copies, those whose older row stands in another part. */
  parts: { versionId: string; trainRows: number; rowsPerPass: number; copies: number; copiesOfOthers: number }[];
  /** Rows that copy an older one and take no part. */
  copies: number;
  countedRows: number;
  /** Tokens of the training rows, one pass; of the held-out rows, one measurement. */
  tokens: number;
  heldOutTokens: number;
  longestTokens: number;
  /** Counted rows by length: more than the bucket before, at most `upTo` tokens. */
  histogram: { upTo: number; rows: number }[];
  /** Rows longer than the limit; their end is not learnt. */
  cutRows: number;
  /** Rows whose answer lies wholly beyond the limit, or is empty; nothing of them is learnt. */
  unusableRows: number;
  /** Held-out rows whose question is asked by a training row too. */
  overlapRows: number;
  /** Rows as the model reads them: all before the answer, and the answer. */
  prompts: { id: string; before: string; answer: string; tokens: number; isCut: boolean }[];
  memoryBytes: number;
  memoryFreeBytes: number;
};

/** What earlier runs that ended well lowered the surprise by, in percent of perplexity: the middle and the extremes. */
export type ExpectedGain = {
  runs: number;
  of: 'version' | 'datanet' | 'base';
  least: number;
  middle: number;
  most: number;
};

/** What a run will take, before it is started. Each figure that is not counted exactly says where it comes from. */
export type RunEstimate = {
  trainRows: number;
  heldOutRows: number;
  /** Tokens of the training rows, one pass. */
  tokens: number;
  tokensFrom: 'counted' | 'characters';
  /** Tokens that all passes learn from: what a training is billed by. Measurements cost nothing. */
  trainedTokens: number;
  steps: number;
  seconds: number;
  tokensPerSecond: number;
  speedFrom: 'last-runs' | 'default';
  trainableParameters: number;
  adapterBytes: number;
  /** Null: no run like it has ended yet. */
  gain: ExpectedGain | null;
  /** Null: the server that counts did not answer; the figures come from characters then. */
  check: TrainingCheck | null;
  /** Sentences about what does not fit well; empty when all does. */
  notes: string[];
  /** Why it cannot be started as it is; null when it can. */
  blocked: string | null;
};

/**
 * What a training costs at most and what pays it. `tokens`: at most trained; of them `freeTokens` out of what is left of the day's
 * allowance. `balanceWei`: free on the account's deposit; null for a visitor, and where there is no deposit.
 */
export type TrainingPrice = {
  weiPerThousandTokens: bigint;
  tokens: number;
  freeTokens: number;
  freeTokensPerDay: number;
  costWei: bigint;
  balanceWei: bigint | null;
  /** What has to be deposited first, wei; 0 when nothing is missing. */
  shortfallWei: bigint;
  /** Of each OPEN that it costs, after the protocol's fee: bps to the people of the rows. */
  dataBps: number;
};
export type RunQuote = RunEstimate & { price: TrainingPrice };

/** A piece of a run, from its start or resume to its end or stop, as it was billed; `held`: not charged yet. */
export type RunBill = {
  id: string;
  status: 'held' | 'settled';
  outcome: 'running' | 'succeeded' | 'stopped' | 'cancelled' | 'failed' | 'ours' | null;
  tokens: number;
  freeTokens: number;
  weiPerThousandTokens: bigint;
  ceilingWei: bigint;
  feeWei: bigint;
  receiptId: string | null;
  createdAt: string;
};

export const modelSorts = ['newest', 'answers', 'earned', 'gain'] as const;
export type ModelSort = (typeof modelSorts)[number];

/** One line of the list of models. Losses in nats per token on held-out rows; prices in wei a token. */
export type ModelSummary = {
  id: string;
  slug: string;
  name: string;
  summary: string;
  owner: Address;
  /** The chain has this version: it can be asked. */
  live: boolean;
  /** Who may ask it: everybody, or holders of a pass (lib/passes). */
  access: 'everybody' | 'holders';
  datanet: { id: string; slug: string; title: string; domain: string };
  version: { id: string; number: number; rowCount: number };
  inputWeiPerToken: bigint;
  outputWeiPerToken: bigint;
  evalLoss: number;
  baseEvalLoss: number;
  /** Completed inferences, free ones included. */
  answers: number;
  /** What callers were charged. */
  chargedWei: bigint;
  /** What settled reward periods gave to all who earned from this model. */
  earnedWei: bigint;
  createdAt: string;
};

/** The model's version as the chain has it. `terms` false: the split or name on chain is not the one shown here. */
export type ModelOnChain = {
  registryId: string;
  number: number;
  txHash: Hash;
  blockNumber: number;
  head: Hash;
  termsMatch: boolean;
};

export type ModelDetail = ModelSummary & {
  split: RevenueSplit;
  versionHash: Hash;
  adapter: { id: string; sha256: Hash; indexSha256: Hash; baseModel: string };
  run: { id: string; preset: string; seed: number; steps: number | null; seconds: number | null };
  recipe: Record<string, unknown>;
  versionRoot: Hash;
  contributorCount: number;
  license: string;
  heldOutRows: number;
  /** Rows of the version that were left out, because they copy older ones; null: trained before copies were looked for. */
  copies: number | null;
  /** Of a merge: the models that it is made of; else none. */
  merged: MergeParentView[];
  onChain: ModelOnChain | null;
};

/** A version of a model: `number` 1 is the first. `isChosen`: it answers for the model's name. */
export type ModelVersion = {
  modelId: string;
  slug: string;
  number: number;
  live: boolean;
  isChosen: boolean;
  inputWeiPerToken: bigint;
  outputWeiPerToken: bigint;
  evalLoss: number;
  baseEvalLoss: number;
  createdAt: string;
};
/** A live model that its owner can publish another version of. */
export type OwnFamily = { slug: string; name: string; split: RevenueSplit };
/** `family`: the name that callers ask. `choices`: which version was chosen when, newest first. */
export type ModelVersions = {
  family: string;
  owner: Address;
  versions: ModelVersion[];
  choices: { number: number; setBy: Address; setAt: string }[];
};

/** `rows`: credited by the answer; null for the receipt of a bought pass. */
export type ModelReceipt = { id: string; feeWei: bigint; createdAt: string; settled: boolean; rows: number | null };
export type ModelEarner = { account: Address; role: EarningRole; amountWei: bigint };

/** Split as ModelRegistry takes it: bps of the price, all five together with the protocol's fee 10,000. */
export type ChainSplit = { data: number; model: number; app: number; infra: number; validators: number };

/**
 * What the owner's wallet sends to ModelRegistry: `registerAndPublish(kind, base, split, metaCid, version, cid)`, or for another version of
 * a model `publish(registryId, version, cid)`.
 */
export type PublishCall = {
  modelId: string;
  slug: string;
  /** Of the registry entry that gets another version (`publish`); null: a new one is made. */
  registryId: string | null;
  versionHash: Hash;
  /** A LoRA adapter, or one that was merged from several. */
  kind: 2 | 3;
  base: bigint;
  split: ChainSplit;
  metaCid: string;
  version: {
    baseVersion: number;
    datanetHeadsRoot: Hash;
    trainConfigHash: Hash;
    adapterHash: Hash;
    evalHash: Hash;
    licenceHash: Hash;
  };
  cid: string;
};

/**
 * What a model's owner asks, in bps of the model share of a merge published now and times the model's weight; null while the chain does not
 * answer. `next`: announced, for what is published from then on.
 */
export type Royalty = { bps: number | null; next: { bps: number; holdsFrom: string } | null };

/** One model of a merge, as its run pinned it. `trainedBy`: the run that made its adapter. */
export type MergeParentView = {
  modelId: string;
  slug: string;
  name: string;
  owner: Address;
  adapterId: string;
  trainedBy: string;
  adapterSha256: Hash;
  objectPrefix: string;
  versionHash: Hash;
  weightPpm: number;
};

/** A live model that may be part of a merge; one for holders of a pass by its owner alone. `royaltyBps`, `nextRoyalty`: see Royalty. */
export type MergeableModel = {
  slug: string;
  name: string;
  owner: Address;
  baseModel: string;
  rank: number;
  access: 'everybody' | 'holders';
  datanet: string;
  license: string;
  evalLoss: number;
  baseEvalLoss: number;
  royaltyBps: number | null;
  nextRoyalty: Royalty['next'];
};
