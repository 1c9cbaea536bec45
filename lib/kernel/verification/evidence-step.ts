import type { IndexFile } from '../index-file.ts';
import type { ReceiptBody } from '../receipt.ts';
import type { QueryCodes } from '../rescore.ts';
import type { AnswerFile, ChainEpoch, ReceiptEvidence, ReceiptSettlementProof } from './receipt-evidence.ts';
import type { StepOutcome } from './step-outcome.ts';

/** What a step found, without which it is. */
export type Finding = Omit<StepOutcome, 'id' | 'name'>;

/** What earlier steps found good and later ones use. */
export type VerificationContext = {
  evidence: ReceiptEvidence;
  body: ReceiptBody;
  index?: { source: NonNullable<Awaited<ReturnType<ReceiptEvidence['index']>>>['source']; file: IndexFile };
  codes?: QueryCodes;
  scores?: BigInt64Array;
  answer?: AnswerFile;
  settlement?: ReceiptSettlementProof;
  epoch?: ChainEpoch;
};

export type EvidenceStep = {
  /** Stable, for programs. */
  id: string;
  name: string;
  check: (context: VerificationContext) => Promise<Finding> | Finding;
};

export const ok = (detail: string): Finding => ({ state: 'ok', detail });
export const differs = (detail: string): Finding => ({ state: 'differs', detail });
export const skipped = (detail: string): Finding => ({ state: 'skipped', detail });

/** ok when both are the same text; else what the receipt says and what came out. */
export function compare(what: string, said: string, found: string): Finding {
  return said === found ? ok(found) : differs(`${what}: the receipt says ${said}, recomputed ${found}`);
}

/** Hex digits alone: some hashes of a receipt carry `0x`, some do not. */
export const bareHex = (hash: string): string => hash.replace(/^0x/, '').toLowerCase();
