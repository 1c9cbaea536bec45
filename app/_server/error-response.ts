import 'server-only';
import { httpStatus, openAiErrorType } from './http-status.ts';
import { jsonResponse } from './json-response.ts';
import { logFailure } from './log-failure.ts';
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
      headers: {
        'x-request-id': requestId,
        ...(known.retryAfterSeconds !== undefined && { 'retry-after': String(known.retryAfterSeconds) }),
      },
    },
  );
}
