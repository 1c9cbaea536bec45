import type { ExampleStatus } from '#db/schema/datanets.ts';
import type { ImprovementRole } from '#db/schema/lineage.ts';
import type { RoleShare } from '#lib/kernel/role-shares.ts';
import type { RowJudgement } from '#lib/validation/types.ts';

export type { ExampleStatus, ImprovementRole };

export const exampleStatuses = [
  'accepted',
  'pending',
  'rejected',
  'withdrawn',
  'superseded',
  'quarantined',
] as const satisfies readonly ExampleStatus[];

/** Field name to text, e.g. `{ prompt, completion }`. */
export type RowData = Record<string, string>;

/** A row to be judged. `line` is where its sender finds it: line of the file, or position in the form, from 1. */
export type InputRow = { line: number; data: RowData };

export type PiiKind =
  | 'e-mail'
  | 'phone'
  | 'card'
  | 'secret'
  | 'seed-words'
  | 'bank-account'
  | 'national-id'
  | 'birth-date'
  | 'street-address'
  | 'ip-address'
  | 'record-number'
  | 'name';
/** Personal or secret text in a field, as a half-open range of UTF-16 units. */
export type PiiFinding = { kind: PiiKind; field: string; start: number; end: number };

/** What was looked at. `copy`, `perplexity` and `trigger` need the other rows or the base model: the server adds them. */
export type CheckName =
  | 'answer'
  | 'length'
  | 'repetition'
  | 'language'
  | 'letters'
  | 'hidden'
  | 'promotion'
  | 'filler'
  | 'harmful'
  | 'orders'
  | 'names'
  | 'copy'
  | 'perplexity'
  | 'trigger';
/** A finding: points that it costs, and a sentence for the contributor and the reviewers. It quotes nothing of the row. */
export type CheckReason = {
  check: CheckName;
  points: number;
  text: string;
  /** The row stays for somebody to decide about it alone, whatever its points. */
  holds?: boolean;
  /** The older row that it is like. */
  exampleId?: string;
};
/** Scorecard of a row: 0 to 100 points, and why not 100. `held` rows are never accepted many at once. */
export type RowCard = { score: number; held: boolean; reasons: CheckReason[] };

/** What we say about one row before and after it is sent. `line` as in `InputRow`. */
export type RowVerdict =
  /** `bands` are for the database and never leave the server. */
  | { kind: 'new'; line: number; contentHash: `0x${string}`; card?: RowCard; bands?: readonly number[] }
  | ({
      kind: 'duplicate';
      line: number;
      contentHash: `0x${string}`;
    } & KnownExample)
  | { kind: 'duplicate-in-file'; line: number; contentHash: `0x${string}`; firstLine: number }
  | { kind: 'invalid'; line: number; fix: string }
  | { kind: 'held'; line: number; findings: PiiFinding[] };

/** A stored row that has the same canonical text; nulls where it is not published, and nobody's to know but its author's. */
export type KnownExample = { exampleId: string; status: ExampleStatus } | { exampleId: null; status: null };

/** What `submitContribution` answers. `verdicts` has one entry per sent row, in order. */
export type SubmittedContribution = {
  contributionId: string;
  storedRows: number;
  verdicts: RowVerdict[];
  /** True when this idempotency key was submitted before: nothing new was stored. */
  repeated: boolean;
};

export type ReviewDecision = 'accept' | 'reject';
export type ReviewOutcome = {
  decided: string[];
  /** Rows that stayed as they are, each with the reason as a sentence. */
  skipped: { exampleId: string; reason: string }[];
};

type Address = `0x${string}`;

/** One row in a list. `earnedWei` is what it earned its people in settled reward periods. */
export type ExampleRow = {
  id: string;
  contributor: Address;
  status: ExampleStatus;
  /** Null when the row is withdrawn, whose text is shown to nobody any more, and where this reader may not read it. */
  data: RowData | null;
  reason: string | null;
  reviewedBy: Address | null;
  reviewedAt: Date | null;
  createdAt: Date;
  earnedWei: bigint;
  /** The accepted row that this one is a better version of, with its text; null for a row of its own. */
  improves: Improves | null;
  /** The guard's scorecard; null for rows from before there was one. */
  card: RowCard | null;
};

/** `before` is null when the author of the older row has withdrawn it. */
export type Improves = { exampleId: string; role: ImprovementRole; note: string; before: RowData | null };

/** A step of a row's life, oldest first. */
export type ExampleEvent =
  | { kind: 'contributed'; at: Date; by: Address; source: string }
  | { kind: 'proposed'; at: Date; by: Address; role: ImprovementRole; parentId: string }
  | { kind: 'accepted'; at: Date; by: Address }
  | { kind: 'rejected'; at: Date; by: Address; reason: string }
  | RowJudgement
  | { kind: 'frozen'; at: Date; version: number }
  | { kind: 'replaced'; at: Date; by: Address; role: ImprovementRole; childId: string }
  | { kind: 'restored'; at: Date }
  | { kind: 'quarantined'; at: Date; by: Address; reason: string }
  | { kind: 'withdrawn'; at: Date; by: Address };

/** A better version or translation that somebody made of a row. */
export type Improvement = {
  exampleId: string;
  role: ImprovementRole;
  status: ExampleStatus;
  contributor: Address;
  /** When a curator decided; null while it waits. */
  reviewedAt: Date | null;
  /** When it was withdrawn or taken out. */
  endedAt: Date | null;
};

/** An answer that the row had influence on. `amountWei` is null until the answer's reward period is settled. */
export type ExampleEarning = {
  inferenceId: string;
  receiptId: string | null;
  modelSlug: string;
  modelName: string;
  sharePpm: number;
  amountWei: bigint | null;
  at: Date;
};

export type ExampleDetail = ExampleRow & {
  datanetId: string;
  datanetSlug: string;
  datanetTitle: string;
  contributionId: string;
  /** Null for who may not read the text: a guess could be tested by it. */
  contentHash: `0x${string}` | null;
  history: ExampleEvent[];
  versions: { number: number; leafIndex: number }[];
  /** Newest first, at most 50. */
  earnings: ExampleEarning[];
  answerCount: number;
  /** Part of `earnedWei` that came from answers without a source, which pay all original rows the same. */
  poolWei: bigint;
  /** Older rows that trainings took this one for a copy of; those have the credit. */
  copyOf: string[];
  /** Everybody who worked on the row, oldest act first, with their parts of what it earns, in ppm. */
  lineage: (RoleShare & { handle: string | null })[];
  /** Made from this row, newest first. */
  improvements: Improvement[];
  /** The row that stands in its place now, when it was replaced. */
  replacedBy: string | null;
};

/** Where a contribution stands and who has to act next. */
export type ContributionView = {
  id: string;
  datanetId: string;
  datanetSlug: string;
  datanetTitle: string;
  contributor: Address;
  source: string;
  createdAt: Date;
  counts: Record<ExampleStatus, number>;
  /** Accepted rows that no version holds yet. */
  unfrozen: number;
  /** Accounts that may decide about the pending rows: owner and curators except the contributor. */
  reviewers: Address[];
  rows: ExampleRow[];
};
