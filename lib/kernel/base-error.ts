/** How a failure maps to the outside; one table (`app/_server/http-status.ts`) turns it into an HTTP status. */
export type ErrorCategory =
  | 'invalid' // the input is wrong and says why
  | 'unauthenticated' // no valid session or key
  | 'forbidden' // known, but not allowed
  | 'not-found'
  | 'conflict' // the state does not allow it (already done, wrong status)
  | 'payment-required' // balance, deposit or voucher too small; the shortfall is named
  | 'limited' // too many requests; retryAfterSeconds says when
  | 'unavailable' // a part of the system is down or busy
  | 'internal';

export type BaseErrorOptions = {
  /** Facts for the reader, in order, e.g. `{ have: '3 OPEN', need: '5 OPEN' }`. Shown to users. */
  facts?: Record<string, string | number>;
  /** For operators only; never leaves the server. */
  details?: string;
  /** Field path to message, for forms. */
  fieldErrors?: Record<string, string>;
  retryAfterSeconds?: number;
  cause?: unknown;
};

/**
 * Root of every error that we throw on purpose. `message` is text for the person who meets it: what is wrong and what
 * to do. `code` is stable and documented in docs/errors.md.
 */
export abstract class BaseError extends Error {
  abstract readonly code: string;
  abstract readonly category: ErrorCategory;
  readonly facts: Record<string, string | number>;
  readonly details: string | undefined;
  readonly fieldErrors: Record<string, string> | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, options: BaseErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.facts = options.facts ?? {};
    this.details = options.details;
    this.fieldErrors = options.fieldErrors;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
