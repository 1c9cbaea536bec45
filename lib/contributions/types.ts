import type { ExampleStatus } from '#db/schema/datanets.ts';

export type { ExampleStatus };

/** Field name to text, e.g. `{ prompt, completion }`. */
export type RowData = Record<string, string>;

/** A row to be judged. `line` is where its sender finds it: line of the file, or position in the form, from 1. */
export type InputRow = { line: number; data: RowData };

export type PiiKind = 'e-mail' | 'phone' | 'card' | 'secret' | 'seed-words';
/** Personal or secret text in a field, as a half-open range of UTF-16 units. */
export type PiiFinding = { kind: PiiKind; field: string; start: number; end: number };

/** What we say about one row before and after it is sent. `line` as in `InputRow`. */
export type RowVerdict =
  | { kind: 'new'; line: number; contentHash: `0x${string}` }
  | {
      kind: 'duplicate';
      line: number;
      contentHash: `0x${string}`;
      exampleId: string;
      status: ExampleStatus;
    }
  | { kind: 'duplicate-in-file'; line: number; contentHash: `0x${string}`; firstLine: number }
  | { kind: 'invalid'; line: number; fix: string }
  | { kind: 'held'; line: number; findings: PiiFinding[] };

/** A stored row that has the same canonical text. */
export type KnownExample = { exampleId: string; status: ExampleStatus };

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
