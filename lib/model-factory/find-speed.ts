import { and, desc, eq, ne, sql } from 'drizzle-orm';
import { trainingEvents, trainingRuns } from '#db/schema/models.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { gradientsPerRow } from './index-gradients.ts';

/** How fast this server trains a base, and what lies around the steps. */
export type TrainingSpeed = {
  /** Tokens that steps learn from. */
  tokensPerSecond: number;
  /** Loading, compiling, the first measurement. */
  setupSeconds: number;
  /** One held-out row in one measurement, with the sample that comes with it. */
  secondsPerMeasuredRow: number;
  /** A token in one gradient of the attribution index, see `gradientsPerRow`. */
  indexSecondsPerToken: number;
  from: 'last-runs' | 'default';
};

/** openledger-nano on one thread of an idle machine of two cores (docs/engine-log.md); gives way to runs on this server. */
const defaultSpeed: TrainingSpeed = {
  tokensPerSecond: 4_700,
  setupSeconds: 6,
  secondsPerMeasuredRow: 0.02,
  indexSecondsPerToken: 1 / 4_000,
  from: 'default',
};

const runsRead = 5;

/**
 * How fast a run will be: the middle of the base's newest finished runs that were never interrupted, the default where there is none. What a run
 * took is counted in CPU time, by the part of a core that it got while it trained, and turned into time by the part that one gets now: a run
 * on a busy machine says what the next one takes on an idle one, too.
 *
 * @param cpuShare part of a core that a run would get now (lib/platform/cpu-share.ts)
 */
export async function findSpeed(deps: Pick<Deps, 'db'>, baseModel: string, cpuShare: number): Promise<TrainingSpeed> {
  const runs = await deps.db
    .select({ id: trainingRuns.id, startedAt: trainingRuns.startedAt, recipe: trainingRuns.recipe })
    .from(trainingRuns)
    .where(
      and(
        eq(trainingRuns.baseModel, baseModel),
        eq(trainingRuns.status, 'succeeded'),
        ne(trainingRuns.preset, 'merge'), // which trains nothing
      ),
    )
    .orderBy(desc(trainingRuns.endedAt))
    .limit(runsRead);
  const timed = await Promise.all(runs.map((run) => timeRun(deps, run)));
  const speeds = timed.filter((one) => one !== null);
  if (speeds.length === 0) return atShare(defaultSpeed, cpuShare);
  const middle = (read: (speed: (typeof speeds)[number]) => number) => median(speeds.map(read));
  const alone = {
    tokensPerSecond: middle((one) => one.tokensPerSecond),
    setupSeconds: middle((one) => one.setupSeconds),
    secondsPerMeasuredRow: middle((one) => one.secondsPerMeasuredRow),
    indexSecondsPerToken: middle((one) => one.indexSecondsPerToken ?? defaultSpeed.indexSecondsPerToken),
    from: 'last-runs' as const,
  };
  return atShare(alone, cpuShare);
}

/** As one run showed it; null: it did not. */
type TakenSpeed = Omit<TrainingSpeed, 'from' | 'indexSecondsPerToken'> & { indexSecondsPerToken: number | null };

/** A speed with a core for itself as it is with a part of one; `1 / share` turns it back. */
function atShare<Speed extends TakenSpeed>(speed: Speed, share: number): Speed {
  return {
    ...speed,
    tokensPerSecond: speed.tokensPerSecond * share,
    setupSeconds: speed.setupSeconds / share,
    secondsPerMeasuredRow: speed.secondsPerMeasuredRow / share,
    indexSecondsPerToken: speed.indexSecondsPerToken === null ? null : speed.indexSecondsPerToken / share,
  };
}

type Said = {
  speed: number | null;
  tokens: number | null;
  rows: number | null;
  heldOut: number | null;
  steps: number;
  evals: number;
  interrupted: number;
  firstStepMs: number | null;
  lastStepMs: number | null;
  doneMs: number | null;
  storedMs: number | null;
  seconds: number | null;
  cpuSeconds: number | null;
};

/** Reads a run's parts off the times at which it said something; null when it was stopped in between or said too little. */
async function timeRun(
  deps: Pick<Deps, 'db'>,
  { id, startedAt, recipe }: { id: string; startedAt: Date | null; recipe: Record<string, unknown> },
) {
  if (!startedAt) return null;
  const at = sql`extract(epoch from ${trainingEvents.at}) * 1000`;
  const of = (type: string) => sql`filter (where ${trainingEvents.type} = ${type})`;
  const [said] = await deps.db
    .select({
      speed: sql<number>`(array_agg((data ->> 'tokensPerSecond')::float8 order by seq desc) ${of('step')})[1]`,
      tokens: sql<number>`max((data ->> 'trainTokens')::float8) ${of('started')}`,
      rows: sql<number>`max((data ->> 'trainExamples')::float8) ${of('started')}`,
      heldOut: sql<number>`max((data ->> 'heldOutExamples')::float8) ${of('started')}`,
      steps: sql<number>`(count(*) ${of('step')})::int`,
      evals: sql<number>`(count(*) ${of('eval')})::int`,
      interrupted: sql<number>`(count(*) ${of('started')})::int - 1`,
      firstStepMs: sql<number>`(min(${at}) ${of('step')})::float8`,
      lastStepMs: sql<number>`(max(${at}) ${of('step')})::float8`,
      doneMs: sql<number>`(max(${at}) ${of('done')})::float8`,
      storedMs: sql<number>`(max(${at}) ${of('stored')})::float8`,
      seconds: sql<number | null>`max((data ->> 'seconds')::float8) ${of('done')}`,
      cpuSeconds: sql<number | null>`max((data ->> 'cpuSeconds')::float8) ${of('done')}`,
    })
    .from(trainingEvents)
    .where(eq(trainingEvents.runId, id));
  return said ? toSpeed(said as Said, startedAt.getTime(), Number(recipe.epochs ?? 1)) : null;
}

function toSpeed(said: Said, startedMs: number, epochs: number): TakenSpeed | null {
  const { speed, tokens, rows, steps, evals, firstStepMs, lastStepMs, doneMs, storedMs } = said;
  if (!speed || !tokens || !firstStepMs || !lastStepMs || !doneMs || !storedMs || steps < 2) return null;
  if (said.interrupted > 0) return null;
  const oneStep = tokens / speed / steps;
  const between = (lastStepMs - firstStepMs) / 1000 - oneStep * (steps - 1) + (doneMs - lastStepMs) / 1000;
  const measured = Math.max(1, (evals - 1) * (said.heldOut ?? 1));
  const indexTokens = (tokens / epochs) * gradientsPerRow(rows ?? 1);
  const taken = {
    tokensPerSecond: speed,
    setupSeconds: Math.max(0, (firstStepMs - startedMs) / 1000 - oneStep),
    secondsPerMeasuredRow: Math.max(0, between / measured),
    // Runs that did not say their rows built another index.
    indexSecondsPerToken: rows ? Math.max(0, (storedMs - doneMs) / 1000) / indexTokens : null,
  };
  return atShare(taken, 1 / shareOf(said));
}

/** The part of a core that a run got; all of it where it did not say, and where it computed on several. */
function shareOf({ seconds, cpuSeconds }: Said): number {
  return seconds && cpuSeconds ? Math.min(1, cpuSeconds / seconds) : 1;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
