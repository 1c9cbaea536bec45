import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getSession } from '#app/_server/session.ts';
import { listEvents } from '#lib/explorer/list-events.ts';

/** The newest events that name the signed-in account; null for a visitor. */
export async function loadAccountEvents() {
  const session = await getSession();
  if (!session) return null;
  const { items, nextCursor } = await listEvents(buildDeps().db, { kind: 'events', account: session.address });
  return { account: session.address, events: items, more: nextCursor !== null };
}
