/**
 * OpenAI's rate-limit headers (platform.openai.com/docs/guides/rate-limits): how many requests the window takes, how many are
 * left, and how long until all are there again. Our windows are fixed, so "reset" is when the window ends.
 */
export function rateLimitHeaders(limit: { max: number; used: number; resetSeconds: number }): [string, string][] {
  return [
    ['x-ratelimit-limit-requests', String(limit.max)],
    ['x-ratelimit-remaining-requests', String(Math.max(0, limit.max - limit.used))],
    ['x-ratelimit-reset-requests', `${Math.max(1, Math.ceil(limit.resetSeconds))}s`],
  ];
}
