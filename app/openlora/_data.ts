import 'server-only';
import { askerOf } from '#app/_server/asker-of.ts';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { listCanaries } from '#lib/serving/canary/list-canaries.ts';
import { listModelAdapters } from '#lib/serving/list-model-adapters.ts';
import { rankModels } from '#lib/serving/router/rank-models.ts';
import { routeQuestionSchema } from '#lib/serving/schema.ts';

const rowsOfPage = 50;

/** Adapters of live models with where each is, the engines, and which of the adapters this reader may move. */
export async function loadConsole(after: string | undefined) {
  const deps = buildDeps();
  const [actor, { items, engines, nextCursor }, routes] = await Promise.all([
    getActor(),
    listModelAdapters(deps, { limit: rowsOfPage, after }),
    listCanaries(deps.db),
  ]);
  const you = actor.kind === 'account' ? actor.address : null;
  const isOperator = you === deps.operator.address.toLowerCase();
  const movable = items.flatMap(({ modelSlug, owner }) =>
    you !== null && (isOperator || owner.toLowerCase() === you) ? [modelSlug] : [],
  );
  const own = items.filter(({ owner }) => owner.toLowerCase() === you);
  const relievable = own.map(({ modelSlug: slug, modelName: name, baseModel }) => ({ slug, name, baseModel }));
  return { items, engines, nextCursor, movable, you, routes, relievable };
}

/** Models that fit a question; null where none is asked. */
export async function loadRanking(question: string) {
  const asked = routeQuestionSchema.safeParse({ question });
  if (!asked.success) return null;
  const deps = buildDeps();
  return rankModels(deps.db, asked.data.question, { asker: askerOf(deps, await getActor()) });
}
