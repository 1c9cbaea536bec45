/** Lists that the explorer shows; each is one query, and the totals on the home page link to the query behind them. */
export const explorerKinds = [
  'answers',
  'independent',
  'claims',
  'earners',
  'datanets',
  'models',
  'payments',
  'periods',
  'events',
] as const;
export type ExplorerKind = (typeof explorerKinds)[number];

type Hex = `0x${string}`;

/** One event of our contracts as the indexer stored it. Amounts in `args` are decimal wei text. */
export type EventRow = {
  blockNumber: number;
  logIndex: number;
  txHash: Hex;
  contract: string;
  name: string;
  args: Record<string, string | number | boolean>;
  /** Time of the block; null when the block was not kept. */
  at: Date | null;
};

/** One completed answer in the ledger: what was asked of whom is private, who was credited and what it cost is not. */
export type AnswerRow = {
  inferenceId: string;
  /** Null until the answer is attributed and the receipt issued. */
  receiptId: string | null;
  /** A challenge of the receipt that is not decided yet, or was upheld. */
  challenge: 'queued' | 'upheld' | null;
  modelSlug: string;
  modelName: string;
  payer: Hex | null;
  feeWei: bigint;
  /** Largest shares first, at most five. */
  contributors: { address: Hex; sharePpm: number }[];
  contributorCount: number;
  rewardPeriodNumber: number | null;
  at: Date;
};

export type EarnerRow = { account: Hex; earnedWei: bigint; answers: number };
export type ActiveDatanetRow = { slug: string; title: string; owner: Hex; rowCount: number; lastActiveAt: Date };
export type LiveModelRow = { slug: string; name: string; owner: Hex; publishedAt: Date | null; txHash: Hex };

export type Page<T> = { items: T[]; nextCursor: string | null };

/** The five figures of the home page. */
export type Totals = {
  /** Claimed from AttributionLedger into wallets. */
  paidWei: bigint;
  /** Accounts with a line in a settled reward period. */
  earners: number;
  /** Paid answers whose payer neither owns the model nor has a share in the answer. */
  independentAnswers: number;
  independentPayers: number;
  /** Registered on chain; accepted a row or helped to answer in the last 30 days. */
  activeDatanets: number;
  /** Published on chain. */
  liveModels: number;
};

export type SearchHit = {
  kind: 'Datanet' | 'Model' | 'Receipt' | 'Address';
  title: string;
  note: string;
  href: string;
};
