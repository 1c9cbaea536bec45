import type { ChallengeStatus } from '#db/schema/challenges.ts';
import type { StepOutcome } from '#lib/kernel/verification/step-outcome.ts';

/** A receipt from its schema to its money, computed again: every step up to the first that differs. The worker has the engine. */
export type ReceiptVerifier = (receiptId: string) => Promise<StepOutcome[]>;

/** A challenge as pages and the API show it. */
export type ChallengeView = {
  id: string;
  receiptId: string;
  challenger: `0x${string}`;
  status: ChallengeStatus;
  /** Of an upheld one the first step that differs, of a failed one why the check could not be done. */
  step: string | null;
  detail: string | null;
  steps: StepOutcome[];
  createdAt: Date;
  decidedAt: Date | null;
};
