import type { Address, Hex } from 'viem';
import type { ByteSource } from '../byte-source.ts';
import type { ReceiptBody } from '../receipt.ts';
import type { RetrievalValues } from '../retrieval-credit.ts';
import type { LineageAct } from '../role-shares.ts';
import type { TaskFile } from '../task/task-schema.ts';

/** Gives something, or null where it is not at hand; then the steps that need it are skipped. Throws where fetching fails. */
export type Loader<T> = () => Promise<T | null>;

/** What the payer alone can get: the words of the conversation, the salt of their hashes, and the tokens as they were logged. */
export type AnswerFile = {
  salt: Hex;
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[];
  output: string;
  promptIds: number[];
  completionIds: number[];
  /** What the prompt quoted of each row that was read, in the prompt's order. */
  passages: string[];
};

/** Where a receipt stands in its reward period. */
export type ReceiptSettlementProof = {
  period: number;
  earningsRoot: Hex;
  receiptsRoot: Hex;
  /** From the receipt's leaf to `receiptsRoot`. */
  proof: Hex[];
};

/** What the chain says of the epoch with that root: AttributionLedger's event and stored word. */
export type ChainEpoch = {
  id: number;
  /** Whose bond stands for it, lower-case. */
  publisher: Address;
  earningsRoot: Hex;
  receiptsRoot: Hex;
  top: Hex;
  uri: string;
  state: string;
};

/** The people of a Datanet version's rows, and the Merkle root that their file gives. */
export type VersionLineage = {
  root: Hex;
  /** By row id; `acts` is null in files from before there was a lineage. */
  people: ReadonlyMap<string, VersionPerson>;
  /** Of a mix: its parts in their order, with the roots that their rows really give; rows and tenths are bound by `root`, ids are not. */
  parts?: readonly { versionId: string; root: Hex; rows: number; tenths: number }[];
};

/**
 * `data`: the row's text, which a prompt may have read; null once its author had it destroyed. `weight`: how often a mix reads the row, in
 * tenths, by which flat pay goes; left out: like every other row.
 */
export type VersionPerson = {
  contributor: Address;
  acts: readonly LineageAct[] | null;
  data: Readonly<Record<string, string>> | null;
  weight?: number;
};

/** What only a machine with base model and adapter can do. Floats end inside. */
export type Recomputation = {
  /** SHA-256 of the adapter's weights, 64 hex digits. */
  adapterSha256: () => Promise<string>;
  /** The text that token ids stand for. */
  decode: (ids: readonly number[]) => Promise<string>;
  /** The answer's gradient on the index's features, quantised: codes and scale as they are stored. */
  queryCodes: (answer: AnswerFile) => Promise<Uint8Array>;
  /** log p of the answer with each subset of the passages in the prompt, micro-nats. Throws where they do not make the prompt. */
  subsetValues: (answer: AnswerFile) => Promise<RetrievalValues>;
};

/**
 * All that can speak for or against a receipt. The browser has the public files, the payer the answer too, a stranger with the
 * model the rest: each checks as far as what is at hand goes, by the same steps.
 */
export type ReceiptEvidence = {
  /** As found: any JSON. */
  receipt: unknown;
  /** The hash that it is said to have; null: nobody said. */
  hash: string | null;
  signature: string | null;
  /** Whom the reader takes for the gateway; null: whoever the receipt names. */
  gateway: Address | null;
  /** Bytes of the certificate that the receipt names. */
  certificate: Loader<Uint8Array>;
  /** `sha256`: of the whole file, 64 hex digits, computed by the reader. */
  index: Loader<{ source: ByteSource; sha256: string }>;
  codes: Loader<Uint8Array>;
  owners: Loader<VersionLineage>;
  /** A task by its id, for receipts of version 3; null: not at hand. */
  tasks: (id: string) => Promise<TaskFile | null>;
  answer: Loader<AnswerFile>;
  recompute: Loader<Recomputation>;
  settlement: Loader<ReceiptSettlementProof>;
  /** `none`: the chain was asked and has no such root. */
  epoch: (settlement: ReceiptSettlementProof) => Promise<ChainEpoch | 'none' | null>;
  /** The reward period's data file recomputed: null not at hand; `differs` names what does not come out. */
  period: (epoch: ChainEpoch, body: ReceiptBody) => Promise<{ differs: string | null; detail: string } | null>;
  onProgress?: (step: string, done: number, total: number) => void;
};
