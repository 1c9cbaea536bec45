import { and, asc, count, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Database } from '#db/client.ts';
import { attackRuns } from '#db/schema/attacks.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import type { AttackProgress, AttackResult, AttackRunView } from './types.ts';

type Found = {
  run: typeof attackRuns.$inferSelect;
  datanet: { slug: string; title: string };
  version: { id: string; number: number; rowCount: number };
};

function selectRuns(db: Database) {
  return db
    .select({
      run: attackRuns,
      datanet: { slug: datanets.slug, title: datanets.title },
      version: { id: datanetVersions.id, number: datanetVersions.number, rowCount: datanetVersions.rowCount },
    })
    .from(attackRuns)
    .innerJoin(datanetVersions, eq(datanetVersions.id, attackRuns.versionId))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId));
}

function toView({ run, datanet, version }: Found, place: number | null): AttackRunView {
  const { id, attack, seed, status, baseModel, errorMessage, requestedAt, endedAt } = run;
  return {
    ...{ id, attack, seed, status, datanet, version, baseModel, place, errorMessage, requestedAt, endedAt },
    progress: run.progress as AttackProgress | null,
    result: run.result as AttackResult | null,
  };
}

/** One run; null when there is none. `isOwn` is true for who started it. */
export async function findAttackRun(
  db: Database,
  id: string,
  caller: string,
): Promise<{ run: AttackRunView; isOwn: boolean } | null> {
  const [found] = await selectRuns(db).where(eq(attackRuns.id, id));
  if (!found) return null;
  const isWaiting = found.run.status === 'queued';
  const place = isWaiting ? await countBefore(db, found.run.requestedAt) : null;
  return { run: toView(found, place), isOwn: found.run.requestedBy === caller };
}

/** The newest results, of one version or of all. */
export async function listAttackResults(db: Database, versionId: string | null): Promise<AttackRunView[]> {
  const isDone = eq(attackRuns.status, 'done');
  const found = await selectRuns(db)
    .where(versionId === null ? isDone : and(isDone, eq(attackRuns.versionId, versionId)))
    .orderBy(desc(attackRuns.endedAt))
    .limit(20);
  return found.map((row) => toView(row, null));
}

/** Runs that wait or work, first come first. */
export async function listOpenAttacks(db: Database): Promise<AttackRunView[]> {
  const found = await selectRuns(db)
    .where(inArray(attackRuns.status, ['queued', 'running', 'stopping']))
    .orderBy(asc(attackRuns.requestedAt))
    .limit(20);
  return found.map((row, place) => toView(row, place));
}

/** Newest version of each Datanet that is large enough for a sandbox. */
export async function listAttackableVersions(
  db: Database,
  rowsMin: number,
): Promise<{ id: string; number: number; rowCount: number; title: string }[]> {
  const newest = db
    .select({ datanetId: datanetVersions.datanetId, number: sql<number>`max(${datanetVersions.number})`.as('newest') })
    .from(datanetVersions)
    .where(gte(datanetVersions.rowCount, rowsMin))
    .groupBy(datanetVersions.datanetId)
    .as('newest_version');
  const { id, number, rowCount } = datanetVersions;
  return db
    .select({ id, number, rowCount, title: datanets.title })
    .from(datanetVersions)
    .innerJoin(newest, and(eq(newest.datanetId, datanetVersions.datanetId), eq(newest.number, datanetVersions.number)))
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .orderBy(asc(datanets.title))
    .limit(200);
}

async function countBefore(db: Database, requestedAt: Date): Promise<number> {
  const [before] = await db
    .select({ value: count() })
    .from(attackRuns)
    .where(and(inArray(attackRuns.status, ['queued', 'running', 'stopping']), lt(attackRuns.requestedAt, requestedAt)));
  return before!.value;
}
