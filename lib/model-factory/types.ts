import type { RevenueSplit, RunStatus } from '#db/schema/models.ts';
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
  datanet: { id: string; slug: string; title: string; domain: string };
  rowCount: number;
  contributorCount: number;
  license: string;
  root: Hash;
  createdAt: string;
  anchored: boolean;
};

/** What a run will take, before it is started. Each figure that is not counted exactly says where it comes from. */
export type RunEstimate = {
  trainRows: number;
  heldOutRows: number;
  /** Tokens of the training rows, one pass. */
  tokens: number;
  tokensFrom: 'counted' | 'characters';
  steps: number;
  seconds: number;
  tokensPerSecond: number;
  speedFrom: 'last-run' | 'default';
  trainableParameters: number;
  adapterBytes: number;
  /** Rows longer than `maxSeqLength` or the base's context; their end is not learnt. */
  rowsCut: number;
  /** What the server asks for training on it. */
  costWei: bigint;
  /** Sentences about what does not fit well; empty when all does. */
  notes: string[];
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
  onChain: ModelOnChain | null;
};

export type ModelReceipt = { id: string; feeWei: bigint; createdAt: string; settled: boolean; rows: number };
export type ModelEarner = { account: Address; role: EarningRole; amountWei: bigint };

/** Split as ModelRegistry takes it: bps of the price, all five together with the protocol's fee 10,000. */
export type ChainSplit = { data: number; model: number; app: number; infra: number; validators: number };

/** What the owner's wallet sends to ModelRegistry: `registerAndPublish(kind, base, split, metaCid, version, cid)`. */
export type PublishCall = {
  modelId: string;
  slug: string;
  versionHash: Hash;
  kind: 2;
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
