import 'server-only';
import { cache } from 'react';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { getAuditReport } from '#lib/audits/get-audit-report.ts';
import { findBlindPair } from '#lib/evaluation/find-blind-pair.ts';
import { findSealedEvaluation, listEvaluationSets, listSetEvaluations } from '#lib/evaluation/queries.ts';
import { inheritLicence } from '#lib/kernel/licences.ts';
import { listRunBills } from '#lib/model-factory/billing/list-run-bills.ts';
import { ModelNotFoundError, RunNotFoundError } from '#lib/model-factory/errors.ts';
import { getModel } from '#lib/model-factory/model-queries.ts';
import { getRun, getRunConfig, listRunHistory } from '#lib/model-factory/queries.ts';
import { listOwnFamilies } from '#lib/model-factory/versions/list-own-families.ts';
import type { Deps } from '#lib/platform/deps.ts';

/** A run with its history, what it pins, and the model made of it; null when there is no such run. */
export const loadRun = cache(async (id: string) => {
  const deps = buildDeps();
  try {
    const run = await getRun(deps.db, id);
    const { protocolFeeBps } = deps.deployment.config;
    const [actor, config, events, model, audit, evaluation, bills] = await Promise.all([
      getActor(),
      getRunConfig(deps.db, id),
      listRunHistory(deps.db, id),
      run.modelSlug ? findListed(deps.db, run.modelSlug, { protocolFeeBps }) : null,
      run.adapterId ? getAuditReport(deps, run.adapterId) : null,
      run.adapterId ? findSealedEvaluation(deps.db, run.adapterId) : null,
      listRunBills(deps.db, id),
    ]);
    const isSignedIn = actor.kind === 'account';
    const [sets, setEvaluations] =
      isSignedIn && run.adapterId
        ? await Promise.all([
            listEvaluationSets(deps.db, actor.address),
            listSetEvaluations(deps.db, actor.address, run.adapterId),
          ])
        : [[], []];
    const blindPair = isSignedIn && evaluation ? await findBlindPair(deps, actor, evaluation.id) : null;
    const comparison =
      isSignedIn && run.adapterId ? await compareOnSets(deps, actor.address, run.adapterId, config.merged) : [];
    const isOwner = actor.kind === 'account' && actor.address === run.owner;
    const families = isOwner ? await listOwnFamilies(deps.db, run.owner) : [];
    return {
      run,
      config,
      events,
      model,
      audit,
      evaluation,
      bills,
      families,
      licence: sentencesOf(config.license),
      blindPair,
      sets,
      setEvaluations,
      comparison,
      isSignedIn,
      isOwner,
      protocolFeeBps,
    };
  } catch (error) {
    if (error instanceof RunNotFoundError) return null;
    throw error;
  }
});

function sentencesOf(license: string): string[] {
  const inherited = inheritLicence([license]);
  return inherited.ok ? inherited.sentences : [inherited.sentence];
}

type Merged = Awaited<ReturnType<typeof getRunConfig>>['merged'];

/** A merge and the models that it is made of, on the reader's own saved sets. */
async function compareOnSets(deps: Deps, owner: string, adapterId: string, merged: Merged) {
  if (merged.length === 0) return [];
  const compared = [
    { name: 'The merge', adapterId },
    ...merged.map((one) => ({ name: one.name, adapterId: one.adapterId })),
  ];
  return Promise.all(
    compared.map(async ({ name, adapterId }) => ({
      name,
      evaluations: (await listSetEvaluations(deps.db, owner, adapterId)).map(({ setName, status, figures }) => ({
        ...{ setName: setName ?? '', isQueued: status === 'queued' },
        ...{ loss: figures?.tuned.loss ?? null, f1: figures?.tuned.f1 ?? null },
      })),
    })),
  );
}

/** A model that was made through the API for its owner alone is listed nowhere; its run's page goes on without it. */
async function findListed(...input: Parameters<typeof getModel>) {
  return getModel(...input).catch((error: unknown) => {
    if (error instanceof ModelNotFoundError) return null;
    throw error;
  });
}
