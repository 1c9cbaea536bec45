import { BaseError } from '#lib/kernel/base-error.ts';
import type { ApiKeyScope } from './types.ts';

/** A sign-in message that was not made by this site for this moment, or whose signature does not match. */
export class SignInRefusedError extends BaseError {
  readonly code = 'sign_in_refused';
  readonly category = 'unauthenticated';
  constructor(message: string, details?: string) {
    super(message, details === undefined ? {} : { details });
  }
}

/** Contract wallets are asked on chain; the chain does not answer. */
export class SignInUnavailableError extends BaseError {
  readonly code = 'sign_in_unavailable';
  readonly category = 'unavailable';
  constructor(cause: unknown) {
    super(
      'The chain does not answer, so the signature of a contract wallet cannot be checked. Try again in a minute.',
      {
        cause,
        retryAfterSeconds: 30,
      },
    );
  }
}

/** A write that came from another site, or from a program that says nothing about where it comes from. */
export class OriginRefusedError extends BaseError {
  readonly code = 'origin_refused';
  readonly category = 'forbidden';
  constructor(origin: string | null, expected: string) {
    super(`This can be done only from ${expected}. Programs use an API key instead of a session.`, {
      details: `origin ${origin ?? 'missing'}`,
    });
  }
}

/** More requests than the limit allows. */
export class TooManyRequestsError extends BaseError {
  readonly code = 'too_many_requests';
  readonly category = 'limited';
  readonly max: number;
  constructor(max: number, windowSeconds: number, retryAfterSeconds: number) {
    super(`That is more than ${max} in ${windowSeconds} s. Try again in ${retryAfterSeconds} s.`, {
      retryAfterSeconds,
    });
    this.max = max;
  }
}

/** No such API key, or it was revoked or has ended. One answer for both, so that nobody learns which keys once existed. */
export class ApiKeyInvalidError extends BaseError {
  readonly code = 'invalid_api_key';
  readonly category = 'unauthenticated';
  constructor() {
    super(
      'This API key is not valid: it does not exist, was revoked or has ended. Keys are made on the page API keys.',
    );
  }
}

/** The owner has no such key. */
export class ApiKeyNotFoundError extends BaseError {
  readonly code = 'api_key_not_found';
  readonly category = 'not-found';
  constructor() {
    super('You have no API key with this id. Reload the list.');
  }
}

/** More keys than an account may hold. */
export class ApiKeyLimitError extends BaseError {
  readonly code = 'api_key_limit';
  readonly category = 'conflict';
  constructor(max: number) {
    super(`An account may hold ${max} working keys. Revoke one that you no longer use.`, { facts: { max } });
  }
}

/** The key works, but not for this. */
export class ApiKeyScopeError extends BaseError {
  readonly code = 'api_key_scope';
  readonly category = 'forbidden';
  constructor(scope: ApiKeyScope) {
    const what = { ask: 'ask models', train: 'send files and train', data: 'change Datanets' }[scope];
    super(`This API key may not ${what}. Make one that may on the page API keys.`, { facts: { scope } });
  }
}
