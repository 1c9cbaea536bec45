import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { and, desc, eq, or, sql } from 'drizzle-orm';
import { trainingEvents, trainingRuns } from '#db/schema/models.ts';
import { type CheckpointMarks, foldMarks, keptMarks } from '#lib/kernel/checkpoint-marks.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { contentKey, putContent, sha256 } from '#lib/platform/storage/content-address.ts';
import { ObjectNotFoundError } from '#lib/platform/storage/object-store.ts';
import type { LeasedRun } from './run-lease.ts';

type CheckpointDeps = Pick<Deps, 'db' | 'store' | 'log'>;
export type FetchedCheckpoint = { file: string; step: number };

/** Older checkpoints that are tried when the newest is damaged. */
const triedCheckpoints = 5;

/**
 * Stores a checkpoint file of the engine by its hash and makes it the run's newest.
 *
 * @returns its size in bytes; null where the engine had replaced the file before it could be read
 */
export async function storeCheckpoint(
  deps: CheckpointDeps,
  runId: string,
  event: { file: string; step: number },
): Promise<number | null> {
  const bytes = await readFile(event.file).catch((error: NodeJS.ErrnoException) => {
    // The engine keeps only its newest files and does not wait for us: a newer checkpoint follows.
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (!bytes) return null;
  const { key } = await putContent(deps.store, bytes);
  await deps.db
    .update(trainingRuns)
    .set({ checkpointKey: key, checkpointStep: event.step })
    .where(eq(trainingRuns.id, runId));
  return bytes.length;
}

type MarkEvent = Parameters<typeof foldMarks>[1];

/** Follows a run's events and takes the checkpoints away that are not to be kept (lib/kernel/checkpoint-marks.ts). */
export class CheckpointKeeper {
  private readonly deps: CheckpointDeps;
  private seen: CheckpointMarks;

  constructor(deps: CheckpointDeps, seen: CheckpointMarks) {
    this.deps = deps;
    this.seen = seen;
  }

  /** Call when the event is written down: a file that no event names would never be taken away. */
  async note(event: MarkEvent): Promise<void> {
    const before = this.seen.marks;
    this.seen = foldMarks(this.seen, event);
    if (event.type !== 'checkpoint') return;
    const { marks } = this.seen;
    const kept = new Set(keptMarks(marks).map(({ sha256 }) => sha256));
    const held = new Set([...keptMarks(before), ...marks.slice(-1)].map(({ sha256 }) => sha256));
    for (const hash of held) if (!kept.has(hash)) await this.drop(contentKey(`0x${hash}`));
  }

  /** A run with the same base, rows and recipe has the same bytes: what another one may start from stays. */
  private async drop(key: string): Promise<void> {
    const { db, store } = this.deps;
    const isNeeded = or(eq(trainingRuns.checkpointKey, key), eq(trainingRuns.forkedFromKey, key));
    if ((await db.$count(trainingRuns, isNeeded)) === 0) await store.remove(key);
  }
}

/** The run's newest checkpoint whose bytes have the hash they are stored under, as a file; null: it starts from nothing. */
export async function fetchCheckpoint(
  deps: CheckpointDeps,
  run: Pick<LeasedRun, 'id' | 'checkpointKey' | 'checkpointStep'>,
  folder: string,
): Promise<FetchedCheckpoint | null> {
  if (!run.checkpointKey) return null;
  const newest = { key: run.checkpointKey, step: run.checkpointStep };
  for (const { key, step } of [newest, ...(await listOlder(deps, run))]) {
    const file = await fetchVerified(deps, key, join(folder, `resume-${step}.ckpt`));
    if (file) return { file, step };
    deps.log.warn({ runId: run.id, key, step }, 'a checkpoint is damaged or missing; trying the one before it');
  }
  return null;
}

/** The checkpoint that a fork starts from. Throws when the store does not have it whole: there is no other. */
export async function fetchForkSource(deps: CheckpointDeps, key: string, folder: string): Promise<string> {
  const file = await fetchVerified(deps, key, join(folder, 'fork.ckpt'));
  if (!file) throw new ObjectNotFoundError(key);
  return file;
}

/** Writes the object to `file` if it is there and its content has the hash of its key. */
async function fetchVerified(deps: CheckpointDeps, key: string, file: string): Promise<string | null> {
  const bytes = await deps.store.get(key).catch((error: unknown) => {
    if (error instanceof ObjectNotFoundError) return null;
    throw error;
  });
  if (!bytes || contentKey(sha256(bytes)) !== key) return null;
  await writeFile(file, bytes);
  return file;
}

async function listOlder(deps: CheckpointDeps, run: Pick<LeasedRun, 'id' | 'checkpointKey'>) {
  const rows = await deps.db
    .selectDistinct({
      step: sql<number>`(${trainingEvents.data} ->> 'step')::int`,
      hash: sql<string>`${trainingEvents.data} ->> 'sha256'`,
    })
    .from(trainingEvents)
    .where(and(eq(trainingEvents.runId, run.id), eq(trainingEvents.type, 'checkpoint')))
    .orderBy(desc(sql`(${trainingEvents.data} ->> 'step')::int`))
    .limit(triedCheckpoints);
  return rows
    .map(({ step, hash }) => ({ step, key: contentKey(`0x${hash}`) }))
    .filter(({ key }) => key !== run.checkpointKey);
}
