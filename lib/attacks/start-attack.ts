import { and, count, eq, gte, inArray, lt, ne, or } from 'drizzle-orm';
import { attackRuns } from '#db/schema/attacks.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import { getReadAccess } from '#lib/access/get-read-access.ts';
import { VersionMissingError, VersionNotTrainableError } from '#lib/model-factory/errors.ts';
import { listBaseModels } from '#lib/model-factory/list-base-models.ts';
import { takeFromLimit } from '#lib/platform/auth/take-from-limit.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { AttackQueueFullError } from './errors.ts';
import { rowsMin, sandboxMethod } from './limits.ts';
import type { StartAttackInput } from './schema.ts';

type StartDeps = Pick<Deps, 'db' | 'queue' | 'env' | 'now' | 'randomBytes'>;

/** Attacks a caller and day: each is two trainings. Results that are there cost nothing. */
const attacksADay = { name: 'attack-run', max: 12, windowSeconds: 86_400 };
const waitingMax = 20;
/** A run that has not ended after this long was lost with its job. */
const lostAfterMs = 6 * 3_600_000;

/**
 * Runs an attack on a sandbox copy of a version, or points to the run that answers the question already: the same version,
 * attack and seed come out the same. A run that was stopped, failed or lost is tried again. Anybody may; nothing of the Datanet
 * changes. Of public Datanets only.
 *
 * `caller` is whom the daily quota counts: the account, or a keyed hash of the visitor.
 *
 * @throws {RowsClosedError | VersionMissingError | VersionNotTrainableError | AttackQueueFullError | TooManyRequestsError}
 */
export async function startAttack(
  deps: StartDeps,
  _actor: Actor,
  { versionId, attack, seed, caller }: StartAttackInput & { caller: string },
): Promise<{ id: string }> {
  const [version] = await deps.db.select().from(datanetVersions).where(eq(datanetVersions.id, versionId));
  if (!version) throw new VersionMissingError();
  await getReadAccess(deps, { kind: 'visitor' }, version.datanetId); // what an attack shows, it shows everybody
  if (version.rowCount < rowsMin) throw new VersionNotTrainableError(version.rowCount);
  const question = { versionId, attack, seed, method: sandboxMethod };
  const known = await findRun(deps, question);
  const lostBefore = new Date(deps.now().getTime() - lostAfterMs);
  if (known && !isOver(known, lostBefore)) return { id: known.id };
  const [waiting] = await deps.db
    .select({ value: count() })
    .from(attackRuns)
    .where(and(inArray(attackRuns.status, ['queued', 'running']), gte(attackRuns.requestedAt, lostBefore)));
  if (waiting!.value >= waitingMax) throw new AttackQueueFullError();
  await takeFromLimit(deps, attacksADay, caller);
  const fresh = {
    ...{ status: 'queued' as const, requestedBy: caller, requestedAt: deps.now(), baseModel: await smallestBase(deps) },
    ...{ progress: null, result: null, errorMessage: null, startedAt: null, endedAt: null },
  };
  return deps.db.transaction(async (tx) => {
    const [run] = await tx
      .insert(attackRuns)
      .values({ id: newId(deps, 'attackRun'), ...question, ...fresh })
      .onConflictDoUpdate({
        target: [attackRuns.versionId, attackRuns.attack, attackRuns.seed, attackRuns.method],
        set: fresh,
        setWhere: or(
          inArray(attackRuns.status, ['stopped', 'failed']),
          and(ne(attackRuns.status, 'done'), lt(attackRuns.requestedAt, lostBefore)),
        ),
      })
      .returning({ id: attackRuns.id });
    // Somebody asked the same at the same moment: one run answers both.
    if (!run) return { id: (await findRun({ db: tx }, question))!.id };
    await deps.queue.send('run-attack', { id: run.id }, { key: run.id, tx });
    return run;
  });
}

type Question = Pick<typeof attackRuns.$inferSelect, 'versionId' | 'attack' | 'seed' | 'method'>;

async function findRun(
  { db }: { db: Parameters<Parameters<Deps['db']['transaction']>[0]>[0] | Deps['db'] },
  question: Question,
) {
  const { versionId, attack, seed, method } = question;
  const [run] = await db
    .select({ id: attackRuns.id, status: attackRuns.status, requestedAt: attackRuns.requestedAt })
    .from(attackRuns)
    .where(
      and(
        ...[eq(attackRuns.versionId, versionId), eq(attackRuns.attack, attack)],
        ...[eq(attackRuns.seed, seed), eq(attackRuns.method, method)],
      ),
    );
  return run;
}

/** Whether a run without a result may be tried again. */
function isOver(run: { status: string; requestedAt: Date }, lostBefore: Date): boolean {
  if (run.status === 'stopped' || run.status === 'failed') return true;
  return run.status !== 'done' && run.requestedAt < lostBefore;
}

/** The smallest base on this server: what an attack gains is a matter of the rules, and a small base answers in a minute. */
async function smallestBase(deps: Pick<Deps, 'env'>): Promise<string> {
  const { offered } = await listBaseModels(deps);
  const [smallest] = [...offered].sort((a, b) => a.parameters - b.parameters);
  if (!smallest) throw new Error('there is no base model on this server');
  return smallest.name;
}
