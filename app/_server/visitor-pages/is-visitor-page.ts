import type { IncomingMessage } from 'node:http';

/** Pages that look the same to everybody who is not signed in. Attack runs are left out: who started one may stop it. */
const publicPages =
  /^\/($|\?|(datanets|models|explorer|status|staking|governance|receipts|rewards|openlora)([/?]|$)|gaming($|\?))/;
/** The session's cookie, as session.ts names it; pages read no other. */
const session = /(^|;\s*)(__Host-)?openledger=/;
/** Of requests by Next's own router (RSC), what decides about the answer besides the address. */
const varying = ['rsc', 'next-router-state-tree', 'next-router-prefetch', 'next-router-segment-prefetch', 'next-url'];

/**
 * Under what a request's answer may be kept: address and all headers that decide about it. Null where the answer may be
 * somebody's own: a session, an Authorization header, anything but GET.
 */
export function visitorPageKey(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): string | null {
  const { method, url = '', headers } = request;
  if (method !== 'GET' || session.test(headers.cookie ?? '') || headers.authorization || headers.range) return null;
  if (!publicPages.test(url) || url.length > 2_000) return null;
  return JSON.stringify([url, ...varying.map((name) => headers[name] ?? null)]);
}

/** Answers of models change what pages count, but nobody waits to see what he has written: pages show those a moment later. */
const inference = /^\/(api\/)?v1\/(chat\/completions|completions|embeddings|messages)/;

/** Whether a request may change what visitors read. */
export function isWrite({ method, url = '' }: Pick<IncomingMessage, 'method' | 'url'>): boolean {
  return method !== 'GET' && method !== 'HEAD' && method !== 'OPTIONS' && !inference.test(url);
}
