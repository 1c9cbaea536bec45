import { BaseError } from '#lib/kernel/base-error.ts';

/** A contract refused. `errorName` is the Solidity error, e.g. `LedgerTooSoon`; callers decide by it. */
export class TransactionRevertedError extends BaseError {
  readonly code = 'transaction_reverted';
  readonly category = 'internal';
  readonly errorName: string;
  readonly errorArgs: readonly unknown[];
  constructor(key: string, reason: { errorName: string; errorArgs: readonly unknown[] }, cause?: unknown) {
    const args = reason.errorArgs.map(String).join(', ');
    super('A contract refused a settlement transaction. Nothing was paid; the operators see the reason.', {
      details: `${key}: ${reason.errorName}(${args})`,
      cause,
    });
    this.errorName = reason.errorName;
    this.errorArgs = reason.errorArgs;
  }
}

/** The transaction is neither included nor lost yet. Calling again with the same key waits on, it never pays twice. */
export class TransactionPendingError extends BaseError {
  readonly code = 'transaction_pending';
  readonly category = 'unavailable';
  constructor(key: string, hash: string) {
    super('The chain has not included a transaction yet. It will be waited for again.', {
      details: `${key}: ${hash} has no receipt`,
      retryAfterSeconds: 5,
    });
  }
}

/** It was cancelled, or another transaction of the same key took its nonce. It did nothing; the same key can be sent again. */
export class TransactionOvertakenError extends BaseError {
  readonly code = 'transaction_overtaken';
  readonly category = 'unavailable';
  constructor(key: string, hash: string) {
    super('A transaction was cancelled or overtaken by another one of the same account. Nothing was paid by it.', {
      details: `${key}: ${hash}`,
      retryAfterSeconds: 5,
    });
  }
}
