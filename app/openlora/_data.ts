import 'server-only';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { listModelAdapters } from '#lib/serving/list-model-adapters.ts';

const rowsOfPage = 50;

/** Adapters of live models with where each is, the engines, and which of the adapters this reader may move. */
export async function loadConsole(after: string | undefined) {
  const deps = buildDeps();
  const [actor, { items, engines, nextCursor }] = await Promise.all([
    getActor(),
    listModelAdapters(deps, { limit: rowsOfPage, after }),
  ]);
  const you = actor.kind === 'account' ? actor.address : null;
  const isOperator = you === deps.operator.address.toLowerCase();
  const movable = items.flatMap(({ modelSlug, owner }) =>
    you !== null && (isOperator || owner.toLowerCase() === you) ? [modelSlug] : [],
  );
  return { items, engines, nextCursor, movable };
}
