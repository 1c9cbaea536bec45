import 'server-only';
import { headers } from 'next/headers';
import { callerKey } from '#app/_server/caller.ts';
import { buildDeps } from '#app/_server/deps.ts';
import { getActor } from '#app/_server/session.ts';
import { rowsMin } from '#lib/attacks/limits.ts';
import { findAttackRun, listAttackableVersions, listAttackResults, listOpenAttacks } from '#lib/attacks/queries.ts';

/** What can be attacked, what waits, and what came out so far; of one version if it is named. */
export async function loadGaming(versionId: string | undefined) {
  const { db } = buildDeps();
  const [versions, open, results] = await Promise.all([
    listAttackableVersions(db, rowsMin),
    listOpenAttacks(db),
    listAttackResults(db, null),
  ]);
  return { versions, open, results, initial: versions.find(({ id }) => id === versionId) ?? versions[0] };
}

/** One run, and whether this caller may stop it. */
export async function loadAttackRun(id: string) {
  const deps = buildDeps();
  const actor = await getActor();
  return findAttackRun(deps.db, id, callerKey(deps, actor, await headers()));
}
