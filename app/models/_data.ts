import 'server-only';
import { cache } from 'react';
import { buildDeps } from '#app/_server/deps.ts';
import { loadProtocolFeeBps } from '#app/_server/protocol-fee.ts';
import { getActor } from '#app/_server/session.ts';
import { getAuditReport } from '#lib/audits/get-audit-report.ts';
import { findSealedEvaluation } from '#lib/evaluation/queries.ts';
import { listModelExports } from '#lib/model-exports/list-model-exports.ts';
import { draftModelCard } from '#lib/model-factory/cards/draft-model-card.ts';
import { findModelCard } from '#lib/model-factory/cards/find-model-card.ts';
import { ModelNotFoundError } from '#lib/model-factory/errors.ts';
import {
  getModel,
  listModelDomains,
  listModelEarners,
  listModelReceipts,
  listModels,
} from '#lib/model-factory/model-queries.ts';
import { listRecentRuns, listRuns } from '#lib/model-factory/queries.ts';
import { findRoyalty } from '#lib/model-factory/royalties/find-royalty.ts';
import type { ListModelsInput } from '#lib/model-factory/schema.ts';
import { listModelVersions } from '#lib/model-factory/versions/list-model-versions.ts';
import { getModelAccess } from '#lib/passes/get-model-access.ts';
import { findMergeRoyalties } from '#lib/rewards/find-merge-royalties.ts';

/** The list of models with its facets, and the runs that the reader may want to open. */
export async function loadModels(input: ListModelsInput) {
  const { db } = buildDeps();
  const actor = await getActor();
  const [models, domains, recent, mine] = await Promise.all([
    listModels(db, input),
    listModelDomains(db),
    listRecentRuns(db),
    actor.kind === 'account' ? listRuns(db, actor, 10) : [],
  ]);
  const seen = new Set(mine.map((run) => run.id));
  return { models, domains, runs: [...mine, ...recent.filter((run) => !seen.has(run.id))] };
}

/** A model with receipts and earners, for its owner with exports; null when there is none of that name. */
export const loadModel = cache(async (slug: string) => {
  const deps = buildDeps();
  try {
    const model = await getModel(deps.db, slug, deps.deployment.config);
    const actor = await getActor();
    const isOwner = actor.kind === 'account' && actor.address === model.owner;
    const [
      receipts,
      earners,
      exports,
      audit,
      protocolFeeBps,
      evaluation,
      versions,
      written,
      access,
      royalty,
      mergeRoyalties,
    ] = await Promise.all([
      listModelReceipts(deps.db, model.id),
      listModelEarners(deps.db, model.id),
      isOwner ? listModelExports(deps, actor, { model: model.slug }) : null,
      getAuditReport(deps, model.adapter.id),
      loadProtocolFeeBps(),
      findSealedEvaluation(deps.db, model.adapter.id),
      listModelVersions(deps.db, model.id),
      findModelCard(deps.db, model.id),
      model.live ? getModelAccess(deps, model.id, actor.kind === 'account' ? actor.address : null) : null,
      // A merge is merged no further.
      model.onChain && model.merged.length === 0 ? findRoyalty(deps, model.onChain.registryId) : null,
      model.live && model.merged.length > 0 ? findMergeRoyalties(deps, model) : null,
    ]);
    const appUrl = deps.env.APP_URL.replace(/\/$/, '');
    const card = written?.body ?? draftModelCard(model, evaluation?.figures ?? null);
    const shownSlug = versions?.versions.find(({ modelId }) => modelId === model.id)?.slug ?? model.slug;
    return {
      card,
      versions,
      shownSlug,
      model,
      receipts,
      earners,
      royalty,
      mergeRoyalties,
      exports,
      audit,
      evaluation,
      isOwner,
      access,
      isSignedIn: actor.kind === 'account',
      protocolFeeBps,
      appUrl,
    };
  } catch (error) {
    if (error instanceof ModelNotFoundError) return null;
    throw error;
  }
});
