import { BaseError } from '#lib/kernel/base-error.ts';
import type { Tier } from './types.ts';

const sentences: Record<Exclude<Tier, 'public'>, string> = {
  gated: 'The rows of this Datanet are for its members. Ask for access on its Access page.',
  encrypted: 'The rows of this Datanet are encrypted for its members. Ask for access on its Access page.',
  compute: 'The rows of this Datanet are read by nobody: only approved trainings compute on them. See its Access page.',
};

/** Rows of a private Datanet, asked for by somebody who may not read them. */
export class RowsClosedError extends BaseError {
  readonly code = 'rows_closed';
  readonly category = 'forbidden';
  constructor(tier: Exclude<Tier, 'public'>) {
    super(sentences[tier]);
  }
}

/** Text of an encrypted Datanet's rows, which this server does not have for anybody. */
export class RowsSealedError extends BaseError {
  readonly code = 'rows_sealed';
  readonly category = 'conflict';
  constructor() {
    super(
      'The rows of this Datanet are encrypted, and this server has no key to them. Members read them in their browser.',
    );
  }
}

/** Rows in plain text for an encrypted Datanet: they are refused before anything is stored. */
export class PlainTextRefusedError extends BaseError {
  readonly code = 'plain_text_refused';
  readonly category = 'conflict';
  constructor() {
    super(
      'This Datanet is encrypted: rows are sealed in the member’s browser before they are sent, on its Contribute page.',
    );
  }
}

/** A tier that would break what contributors were promised, or that existing rows do not allow. */
export class TierChangeRefusedError extends BaseError {
  readonly code = 'tier_change_refused';
  readonly category = 'conflict';
  constructor(why: string) {
    super(why);
  }
}

export class AccessSignatureInvalidError extends BaseError {
  readonly code = 'access_signature_invalid';
  readonly category = 'invalid';
  constructor() {
    super('The signature is not of this account and these words. Sign again in your wallet.');
  }
}

export class AccessSignatureUnavailableError extends BaseError {
  readonly code = 'access_signature_unavailable';
  readonly category = 'unavailable';
  constructor(cause: unknown) {
    super('A contract wallet’s signature is checked on chain, and the chain does not answer. Try again in a minute.', {
      cause,
      retryAfterSeconds: 60,
    });
  }
}

/** There is nothing to ask for, or it was asked already. */
export class AccessRequestRefusedError extends BaseError {
  readonly code = 'access_request_refused';
  readonly category = 'conflict';
  constructor(why: string) {
    super(why);
  }
}

export class AccessRequestNotFoundError extends BaseError {
  readonly code = 'access_request_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such request that waits for a decision. Reload the page.');
  }
}

export class AccessGrantNotFoundError extends BaseError {
  readonly code = 'access_grant_not_found';
  readonly category = 'not-found';
  constructor() {
    super('There is no such permission in force. It may have ended or been revoked; reload the page.');
  }
}
