import type { ErrorCategory } from '#lib/kernel/base-error.ts';

/** The one map from a failure's category to HTTP. */
export const httpStatus: Record<ErrorCategory, number> = {
  invalid: 400,
  unauthenticated: 401,
  'payment-required': 402,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  limited: 429,
  internal: 500,
  unavailable: 503,
};

/** `error.type` of the OpenAI API for a category, so that its clients classify our errors. */
export const openAiErrorType: Record<ErrorCategory, string> = {
  invalid: 'invalid_request_error',
  unauthenticated: 'authentication_error',
  'payment-required': 'insufficient_quota',
  forbidden: 'permission_error',
  'not-found': 'not_found_error',
  conflict: 'conflict_error',
  limited: 'rate_limit_error',
  internal: 'server_error',
  unavailable: 'service_unavailable_error',
};
