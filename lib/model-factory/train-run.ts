import { createHmac, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { and, eq } from 'drizzle-orm';
import { type DatanetField, datanets, datanetVersions } from '#db/schema/datanets.ts';
import { adapters, trainingRuns } from '#db/schema/models.ts';
import { getTrainingAccess } from '#lib/access/get-training-access.ts';
import type { Tier } from '#lib/access/types.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { listMixParts } from '#lib/mixes/list-mix-parts.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { isConnectionLoss } from '#lib/platform/is-connection-loss.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import { chargeTrained } from './billing/charge-trained.ts';
import { settleTraining } from './billing/settle-training.ts';
import { chooseTrainingSet, type TrainingSet } from './choose-training-set.ts';
import { completeManifest } from './complete-manifest.ts';
import { insertCopies } from './copies.ts';
import { describeFailure } from './describe-failure.ts';
import { RunTimeoutError } from './errors.ts';
import { findMarks } from './find-marks.ts';
import { findTrainedTokens } from './find-trained-tokens.ts';
import { findMergedSets } from './find-training-set.ts';
import { listMergeParents } from './list-merge-parents.ts';
import { chooseMergedSet } from './merges/choose-merged-set.ts';
import { fetchAdapters } from './merges/fetch-adapters.ts';
import { readVersionRows } from './read-version-rows.ts';
import { adviceAfter } from './rules.ts';
import { CheckpointKeeper, fetchCheckpoint, fetchForkSource, storeCheckpoint } from './run-checkpoints.ts';
import { appendRunEvent, endLease, type LeasedRun, renewLease, takeRun } from './run-lease.ts';
import { recipeSchema } from './schema.ts';
import type { DatasetFacts, TrainingEngine, TrainingEvent } from './training-engine.ts';

export type TrainRunDeps = Pick<Deps, 'db' | 'store' | 'env' | 'log' | 'now' | 'deployment' | 'randomBytes'>;
/** How long a Stop may go unseen, besides the step under way; also keeps the lease far from its end. */
const renewEveryMs = 1_000;
/** A run that takes longer in one piece is ended; it keeps its checkpoint. */
const timeLimitMs = 24 * 3_600_000;

type RunPlace = { run: LeasedRun; workerId: string; workDir: string; modelDir: string; signal: AbortSignal };
type DoneEvent = Extract<TrainingEvent, { type: 'done' }>;

/**
 * Trains one run to its end, or to the point where its owner stops it. Runs as a job and may run many times: it takes the
 * lease, goes on from the newest checkpoint in the object store, and stores adapter and attribution index under ids derived
 * from the run, so a repetition after kill -9 ends with the same adapter. Failures of the training itself are written to
 * the run (`failed` with a cause); failures of the platform are thrown, so that the queue tries again.
 *
 * @param workRoot folder for working files; may be lost at any time
 */
export async function trainRun(
  deps: TrainRunDeps,
  engine: TrainingEngine,
  input: { runId: string; workRoot: string; signal: AbortSignal; timeLimitMs?: number },
): Promise<'skipped' | 'succeeded' | 'stopped' | 'cancelled' | 'failed'> {
  const workerId = randomUUID();
  const run = await takeRun(deps, input.runId, workerId);
  if (!run) return 'skipped';
  const stopped = new AbortController();
  const late = AbortSignal.timeout(input.timeLimitMs ?? timeLimitMs);
  const signal = AbortSignal.any([input.signal, stopped.signal, late]);
  let lost = false;
  const renew = setInterval(() => {
    renewLease(deps, run.id, workerId)
      .then((state) => {
        if (state === 'held') return;
        lost = state === 'lost';
        stopped.abort();
      })
      .catch((error) => deps.log.warn({ runId: run.id, error }, 'lease not renewed'));
  }, renewEveryMs);
  const workDir = join(input.workRoot, run.id);
  try {
    if (run.status === 'stopping' || run.status === 'cancelling') stopped.abort();
    await mkdir(join(workDir, 'adapter'), { recursive: true });
    const place = { run, workerId, workDir, modelDir: join(deps.env.MODELS_DIR, run.baseModel), signal };
    await trainAndStore(deps, engine, place);
    await endRun(deps, run.id, workerId, { status: 'succeeded' });
    await rm(workDir, { recursive: true, force: true });
    return 'succeeded';
  } catch (error) {
    if (lost) return 'skipped'; // another worker has it now
    if (input.signal.aborted) {
      // This process is shutting down: the run waits for the next one.
      await endLease(deps, run.id, workerId, { status: 'queued' });
      throw error;
    }
    if (stopped.signal.aborted) return endByOwner(deps, run.id, workerId);
    if (isConnectionLoss(error)) {
      // The database or the store was away: nothing is wrong with the training, which the queue takes up again.
      await endLease(deps, run.id, workerId, { status: 'queued' }).catch(() => {}); // else the lease runs out by itself
      throw error;
    }
    const { code, message } = describeFailure(late.aborted ? new RunTimeoutError() : error);
    deps.log.error({ runId: run.id, error }, 'training failed');
    await endRun(deps, run.id, workerId, { status: 'failed', errorCode: code, errorMessage: message });
    return 'failed';
  } finally {
    clearInterval(renew);
  }
}

/** What the owner asked for while it trained: to stop, or to cancel. */
async function endByOwner(deps: TrainRunDeps, runId: string, workerId: string): Promise<'stopped' | 'cancelled'> {
  const [now] = await deps.db
    .select({ status: trainingRuns.status })
    .from(trainingRuns)
    .where(eq(trainingRuns.id, runId));
  const status = now?.status === 'cancelling' ? 'cancelled' : 'stopped';
  await endRun(deps, runId, workerId, { status });
  return status;
}

type RunEnd =
  | { status: 'succeeded' | 'stopped' | 'cancelled' }
  | { status: 'failed'; errorCode: string; errorMessage: string };

/** Ends a run, says so, and settles its bill, in one transaction. Nothing happens where another worker has the run by now. */
async function endRun(deps: TrainRunDeps, runId: string, workerId: string, end: RunEnd): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const inside = { now: deps.now, db: tx };
    if (!(await endLease(inside, runId, workerId, { ...end, endedAt: deps.now() }))) return;
    if (end.status === 'failed') {
      await appendRunEvent(inside, runId, 'failed', { code: end.errorCode, message: end.errorMessage });
      const isOurs = adviceAfter(end.errorCode).fault === 'us';
      return settleTraining(inside, runId, isOurs ? 'ours' : 'failed');
    }
    if (end.status === 'stopped') await appendRunEvent(inside, runId, 'stopped', {});
    if (end.status === 'cancelled')
      await appendRunEvent(inside, runId, 'cancelled', await findTrainedTokens(tx, runId));
    await settleTraining(inside, runId, end.status);
  });
}

async function trainAndStore(deps: TrainRunDeps, engine: TrainingEngine, place: RunPlace): Promise<void> {
  const { run, signal } = place;
  signal.throwIfAborted();
  const { version, fields } = await loadVersion(deps, run.versionId);
  // Again, because a permission may have ended since the launch.
  const actor = { kind: 'account', address: run.owner as `0x${string}` } as const;
  const { tier } = await getTrainingAccess(deps, actor, version.datanetId);
  const rows = await readVersionRows(deps, version);
  const merged = await listMergeParents(deps.db, run.id);
  const set =
    merged.length > 0
      ? await chooseMergedSet(engine, { rows, fields }, await findMergedSets(deps, merged))
      : await chooseTrainingSet(engine, { rows, fields, root: version.root as `0x${string}` });
  const { rule, copies } = set;
  const input = {
    ...{ modelDir: place.modelDir, outDir: join(place.workDir, 'adapter') },
    ...{ train: set.train, evaluation: set.heldOut, datasetRoot: set.root, recipe: recipeSchema.parse(run.recipe) },
    signal,
    dataset: {
      ...{ rule, versionRoot: version.root, rows: rows.length, copies: copies.length },
      ...(await partsOf(deps, version)),
    },
  };
  const follow = (events: AsyncIterable<TrainingEvent>) => followTraining(deps, place, events, tier);
  const done =
    merged.length > 0
      ? await follow(engine.merge({ ...input, parents: await fetchAdapters(deps, merged, place.workDir) }))
      : await trainFromCheckpoint(deps, engine, place, input, follow);
  if (!done) throw new Error('training ended without a result');
  await storeAdapter(deps, engine, place, done, set);
}

type TrainInput = Parameters<TrainingEngine['train']>[0];

/** Trains, from the newest checkpoint that can be used. */
async function trainFromCheckpoint(
  deps: TrainRunDeps,
  engine: TrainingEngine,
  { run, workDir }: RunPlace,
  input: TrainInput,
  follow: (events: AsyncIterable<TrainingEvent>) => Promise<DoneEvent | null>,
): Promise<DoneEvent | null> {
  const whole = {
    ...input,
    ...(input.recipe.privacy && { noiseSecret: noiseSecretOf(deps, run.id) }),
    ...(run.forkedFromKey && { forkFrom: await fetchForkSource(deps, run.forkedFromKey, workDir) }),
  };
  const checkpoint = await fetchCheckpoint(deps, run, workDir);
  if (checkpoint) await appendRunEvent(deps, run.id, 'resumed', { step: checkpoint.step });
  try {
    return await follow(engine.train({ ...whole, ...(checkpoint && { resumeFrom: checkpoint.file }) }));
  } catch (error) {
    // Of an engine that computes other bits, or damaged before it was stored: what it held is trained again.
    if (!checkpoint || !isUnusableCheckpoint(error)) throw error;
    deps.log.warn({ runId: run.id, error }, 'the checkpoint cannot be used; training from the start');
    return follow(engine.train(whole));
  }
}

/** Writes down what the engine says, keeps its checkpoints, charges what was trained until then, and returns its last word. */
async function followTraining(
  deps: TrainRunDeps,
  { run: { id: runId }, workerId }: RunPlace,
  events: AsyncIterable<TrainingEvent>,
  tier: Tier,
): Promise<DoneEvent | null> {
  let done: DoneEvent | null = null;
  const keeper = new CheckpointKeeper(deps, await findMarks(deps, runId));
  for await (const event of events) {
    const bytes = event.type === 'checkpoint' ? await storeCheckpoint(deps, runId, event) : null;
    if (event.type === 'started') await setTotalSteps(deps, runId, event.totalSteps);
    if (event.type === 'done') done = event;
    if (event.type === 'sample' && tier !== 'public') continue; // it quotes a row, and everybody reads the run
    const stored = event.type === 'checkpoint' ? { bytes, stored: bytes !== null } : {};
    const data = { ...publicData(event), ...stored };
    await appendRunEvent(deps, runId, event.type, data);
    await keeper.note({ type: event.type, data });
    if (event.type === 'checkpoint') await chargeTrained(deps, { runId, workerId });
  }
  return done;
}

/** The same after a resume, known to nobody outside this server, and another one for each run. */
function noiseSecretOf({ env }: Pick<Deps, 'env'>, runId: string): string {
  return createHmac('sha256', env.SESSION_SECRET).update(`training-noise:${runId}`).digest('hex');
}

function isUnusableCheckpoint(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === 'checkpoint_mismatch' || code === 'checkpoint_invalid';
}

/** Paths of this machine are nobody's business. */
function publicData(event: TrainingEvent): Record<string, unknown> {
  const { type: _type, ...data } = event as Record<string, unknown> & { type: string };
  delete data.file;
  delete data.adapterDir;
  // A model may say the character NUL, which no text of the database can hold.
  if (event.type === 'sample') data.text = event.text.replaceAll('\0', '\ufffd');
  return data;
}

async function loadVersion(deps: Pick<Deps, 'db'>, versionId: string) {
  const [row] = await deps.db
    .select({ version: datanetVersions, fields: datanets.fields })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(datanetVersions.id, versionId));
  if (!row) throw new Error(`version ${versionId} does not exist`);
  return { version: row.version, fields: row.fields as DatanetField[] };
}

/** What a mix is made of, for the run manifest. */
async function partsOf(deps: Pick<Deps, 'db'>, version: { id: string }): Promise<Pick<DatasetFacts, 'parts'>> {
  const parts = await listMixParts(deps.db, version.id);
  return parts.length > 0
    ? { parts: parts.map(({ root, rowCount, tenths }) => ({ root, rows: rowCount, tenths })) }
    : {};
}

async function setTotalSteps(deps: Pick<Deps, 'db'>, runId: string, totalSteps: number): Promise<void> {
  await deps.db.update(trainingRuns).set({ totalSteps }).where(eq(trainingRuns.id, runId));
}

async function storeAdapter(
  deps: TrainRunDeps,
  engine: TrainingEngine,
  place: RunPlace,
  done: DoneEvent,
  { train: rows, copies }: TrainingSet,
): Promise<void> {
  const { run, signal } = place;
  const adapterId = derivedId('adapter', run.id);
  const [stored] = await deps.db
    .select({ id: adapters.id })
    .from(adapters)
    .where(and(eq(adapters.id, adapterId)));
  if (stored) return;
  const indexFile = join(done.adapterDir, 'attribution.index');
  let said = 0;
  const index = await engine.buildIndex({
    modelDir: place.modelDir,
    adapterDir: done.adapterDir,
    rows,
    outFile: indexFile,
    signal,
    onProgress: (count, total) => {
      if (count < total && count - said < total / 10) return;
      said = count;
      void appendRunEvent(deps, run.id, 'index', { done: count, total }).catch(() => {});
    },
  });
  const { modelDir } = place;
  const { adapterDir } = done;
  const spans = await engine.buildSpans({ modelDir, adapterDir, rows, outFile: join(adapterDir, 'spans.index') });
  const manifestFile = join(adapterDir, 'run-manifest.json');
  // As the engine wrote it, by the hash in the `done` event, and completed: anybody can ask for either by name.
  await putContent(deps.store, await readFile(manifestFile));
  const { bytes, manifest } = await completeManifest(manifestFile, {
    method: index.method,
    indexSha256: index.sha256,
    spanIndexSha256: spans.sha256,
  });
  const { hash: manifestHash } = await putContent(deps.store, bytes);
  const objectPrefix = `adapters/${adapterId}`;
  for (const entry of await readdir(done.adapterDir, { withFileTypes: true })) {
    if (!entry.isFile()) continue; // the engine's checkpoints lie in a folder beside the adapter
    await deps.store.putFile(`${objectPrefix}/${entry.name}`, join(done.adapterDir, entry.name));
  }
  const withPrefix = (hash: string) => (hash.startsWith('0x') ? hash : `0x${hash}`);
  const row = {
    id: adapterId,
    runId: run.id,
    baseModel: run.baseModel,
    sha256: withPrefix(done.adapterSha256),
    objectPrefix,
    indexSha256: withPrefix(index.sha256),
    spanIndexSha256: withPrefix(spans.sha256),
    evalLoss: done.evalLoss,
    baseEvalLoss: done.baseEvalLoss,
    manifest,
    createdAt: deps.now(),
  };
  await deps.db.transaction(async (tx) => {
    await tx.insert(adapters).values(row).onConflictDoNothing();
    await insertCopies(tx, adapterId, copies);
  });
  await appendRunEvent(deps, run.id, 'stored', { adapterId, manifestSha256: manifestHash.slice(2) });
}
