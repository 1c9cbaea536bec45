/** Next calls this once, before the server takes its first request. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== 'nodejs') return;
  const { recordPeerAddress } = await import('./app/_server/record-peer-address.ts');
  recordPeerAddress();
  // While developing, a page must show what was just changed.
  if (process.env.NODE_ENV !== 'production') return;
  const { answerKeyedRequests } = await import('./app/_server/keyed-requests/answer-keyed-requests.ts');
  const { keyedRoutes } = await import('./app/_server/keyed-requests/keyed-routes.ts');
  answerKeyedRequests(keyedRoutes);
  const { serveVisitorPages } = await import('./app/_server/visitor-pages/serve-visitor-pages.ts');
  serveVisitorPages();
}
