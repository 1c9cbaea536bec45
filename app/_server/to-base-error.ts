import { BaseError } from '#lib/kernel/base-error.ts';
import { isConnectionLoss } from '#lib/platform/is-connection-loss.ts';
import { DatabaseUnavailableError, InternalError } from './errors.ts';

/** Any thrown value as one of our errors: foreign ones become `database_unavailable` or `internal`, with their cause. */
export function toBaseError(error: unknown): BaseError {
  if (error instanceof BaseError) return error;
  for (let inner: unknown = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof BaseError) return inner;
  }
  return isConnectionLoss(error) ? new DatabaseUnavailableError(error) : new InternalError(error);
}
