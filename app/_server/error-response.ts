import 'server-only';
import type { BaseError } from '#lib/kernel/base-error.ts';
import { TooManyRequestsError } from '#lib/platform/auth/errors.ts';
import { httpStatus, openAiErrorType } from './http-status.ts';
import { jsonResponse } from './json-response.ts';
import { logFailure } from './log-failure.ts';
import { rateLimitHeaders } from './rate-limit-headers.ts';
import { toBaseError } from './to-base-error.ts';

/**
 * A failure as an HTTP answer with the body of the OpenAI API: `{ error: { message, type, param, code } }`, with our `facts`
 * (amounts as text), `fields` and the request id added.
 */
export function errorResponse(error: unknown, requestId: string): Response {
  const known = toBaseError(error);
  if (known.category === 'internal' || known.category === 'unavailable') {
    logFailure(error, requestId, known.code);
  }
  const fields = known.fieldErrors;
  return jsonResponse(
    {
      error: {
        message: known.message,
        type: openAiErrorType[known.category],
        param: fields ? Object.keys(fields)[0] : null,
        code: known.code,
        ...(Object.keys(known.facts).length > 0 && { facts: known.facts }),
        ...(fields && { fields }),
        request_id: requestId,
      },
    },
    {
      status: httpStatus[known.category],
      headers: { 'x-request-id': requestId, ...retryHeaders(known) },
    },
  );
}

/** When another try is worth it. OpenAI's clients repeat a 409 by themselves, unless `x-should-retry` says that it is in vain. */
function retryHeaders(error: BaseError): Record<string, string> {
  const { retryAfterSeconds, category } = error;
  if (retryAfterSeconds === undefined) return category === 'conflict' ? { 'x-should-retry': 'false' } : {};
  const limit =
    error instanceof TooManyRequestsError
      ? rateLimitHeaders({ max: error.max, used: error.max, resetSeconds: retryAfterSeconds })
      : [];
  return { 'retry-after': String(retryAfterSeconds), ...Object.fromEntries(limit) };
}
