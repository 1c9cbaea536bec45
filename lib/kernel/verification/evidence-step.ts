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

/** What signer and settlement are checked by: receipts of every kind have it. `Body` is the kind's own. */
export type SettledContext<Body> = {
  evidence: Pick<ReceiptEvidence, 'gateway' | 'settlement' | 'epoch'> & {
    period: (epoch: ChainEpoch, body: Body) => ReturnType<ReceiptEvidence['period']>;
  };
  body: Body;
  settlement?: ReceiptSettlementProof;
  epoch?: ChainEpoch;
};
/** A step of receipts of every kind. */
export type SettledStep = Omit<EvidenceStep, 'check'> & {
  check: <Body extends { gateway: string; feeWei: string }>(
    context: SettledContext<Body>,
  ) => Promise<Finding> | Finding;
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
