import { BaseError } from '#lib/kernel/base-error.ts';

/** The input does not fit its schema. */
export class InvalidInputError extends BaseError {
  readonly code = 'invalid_input';
  readonly category = 'invalid';
  constructor(message: string, fieldErrors: Record<string, string>) {
    super(message, { fieldErrors });
  }
}

/** PostgreSQL does not answer, refuses connections, or stops. */
export class DatabaseUnavailableError extends BaseError {
  readonly code = 'database_unavailable';
  readonly category = 'unavailable';
  constructor(cause: unknown) {
    super('The database does not answer just now. Nothing was changed; try again in a minute.', {
      cause,
      retryAfterSeconds: 15,
    });
  }
}

/** Anything that nobody expected. The text says nothing about the inside; the log has it under the request id. */
export class InternalError extends BaseError {
  readonly code = 'internal';
  readonly category = 'internal';
  constructor(cause: unknown) {
    super('Something failed on our side. Nothing of yours is lost; the operators find it under the request id.', {
      cause,
    });
  }
}

/** The body is larger than the route takes. */
export class PayloadTooLargeError extends BaseError {
  readonly code = 'payload_too_large';
  readonly category = 'invalid';
  constructor(maxBytes: number) {
    super(`The request is larger than ${Math.floor(maxBytes / 1000)} kB. Send less at once.`, { facts: { maxBytes } });
  }
}

/** An address of the API that there is not. */
export class UnknownPathError extends BaseError {
  readonly code = 'unknown_url';
  readonly category = 'not-found';
  constructor(method: string, path: string) {
    super(`Unknown request URL: ${method} ${path.slice(0, 200)}. GET /api/v1/openapi.json lists all that there is.`);
  }
}
