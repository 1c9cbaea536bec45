import { BaseError } from '#lib/kernel/base-error.ts';
import { DatabaseUnavailableError, InternalError } from './errors.ts';

/** Connection failures (class 08), shutdown and start-up (57P0x), too many clients; and what sockets say. */
const databaseDown = /^(08\w{3}|57P0[1-5]|53300|ECONNREFUSED|ECONNRESET|EPIPE)$/;

/** Any thrown value as one of our errors: foreign ones become `database_unavailable` or `internal`, with their cause. */
export function toBaseError(error: unknown): BaseError {
  if (error instanceof BaseError) return error;
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof BaseError) return inner;
    const { code } = inner as { code?: unknown };
    if (typeof code === 'string' && databaseDown.test(code)) return new DatabaseUnavailableError(error);
  }
  return new InternalError(error);
}
