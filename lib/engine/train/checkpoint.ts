import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import { TrainingError } from './errors.ts';
import type { HeldOutRecord, StateArrays } from './held-out-record.ts';

/** A checkpoint as it was written. */
export type SavedCheckpoint = { step: number; file: string; sha256: string };

/** Everything that the steps after this one depend on, besides the run's input. */
export type Checkpoint = { step: number; state: StateArrays; heldOut: HeldOutRecord };

/** Who a checkpoint belongs to: `fingerprint` continues it, `origin` (base and LoRA shapes) lets another run start from it. */
export type CheckpointOwner = { fingerprint: string; origin: string };

const namePattern = /^checkpoint-\d{8}\.safetensors$/;
/** Older ones stay: who stores each is behind this thread, and the newest may be lost with the disk block it was on. */
const keptCheckpoints = 4;
const stateNames = ['theta', 'm', 'v'] as const;

/**
 * Writes a checkpoint atomically (temporary file, fsync, rename) and drops all but it and the three before. The best adapter
 * so far is part of it, so that each file alone can go on.
 */
export async function saveCheckpoint(
  folder: string,
  { step, state, heldOut }: Checkpoint,
  owner: CheckpointOwner,
): Promise<SavedCheckpoint> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `checkpoint-${String(step).padStart(8, '0')}.safetensors`);
  const { best, ...record } = heldOut;
  const arrays: Record<string, Float32Array> = {};
  for (const name of stateNames) arrays[name] = state[name];
  if (best && best.step !== step) for (const name of stateNames) arrays[`best.${name}`] = best.state[name];
  const facts = {
    step: String(step),
    heldOut: JSON.stringify({ ...record, best: best && { step: best.step, loss: best.loss } }),
    ...owner,
  };
  const tensors = new Map(Object.entries(arrays).map(([name, data]) => [name, { shape: [data.length], data }]));
  const metadata = { ...facts, contentSha256: contentHash(facts, arrays) };
  await writeSafetensors(file, tensors, { metadata, dtype: 'F32' });
  await dropOutdated(folder, basename(file));
  return { step, file, sha256: await sha256OfFile(file) };
}

/** @throws TrainingError checkpoint_invalid (unreadable, damaged), checkpoint_mismatch (of another run) */
export async function readCheckpoint(file: string, fingerprint: string): Promise<Checkpoint> {
  const { checkpoint, owner } = await readVerified(file);
  if (owner.fingerprint !== fingerprint) {
    throw new TrainingError('checkpoint_mismatch', 'The checkpoint belongs to another base, dataset or recipe.');
  }
  return checkpoint;
}

/** Where a fork starts. */
export type ForkSource = { theta: Float32Array; step: number; sha256: string; fingerprint: string };

/**
 * The adapter in another run's checkpoint, to start a new run from.
 * @param origin as that run's `CheckpointOwner.origin` must be
 * @throws TrainingError checkpoint_invalid; fork_mismatch (another base, rank or target modules)
 */
export async function readForkSource(file: string, origin: string): Promise<ForkSource> {
  const { checkpoint, owner } = await readVerified(file);
  if (owner.origin !== origin) {
    throw new TrainingError(
      'fork_mismatch',
      'A fork needs the base, rank and target modules of the run it starts from.',
    );
  }
  const { step, state } = checkpoint;
  return { theta: state.theta, step, sha256: await sha256OfFile(file), fingerprint: owner.fingerprint };
}

/** The adapter in a checkpoint, and what its `CheckpointOwner.origin` says. @throws TrainingError checkpoint_invalid */
export async function readCheckpointTheta(file: string): Promise<{ theta: Float32Array; origin: string }> {
  const { checkpoint, owner } = await readVerified(file);
  return { theta: checkpoint.state.theta, origin: owner.origin };
}

/** The newest checkpoint of a run's folder that is undamaged, or null. */
export async function findLatestCheckpoint(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  const newestFirst = names
    .filter((name) => namePattern.test(name))
    .sort()
    .reverse();
  for (const name of newestFirst) {
    const file = join(folder, name);
    const isIntact = await readVerified(file).then(
      () => true,
      () => false,
    );
    if (isIntact) return file;
  }
  return null;
}

/** Lower-case hex SHA-256 of a file's bytes. */
export async function sha256OfFile(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}

async function readVerified(file: string): Promise<{ checkpoint: Checkpoint; owner: CheckpointOwner }> {
  let saved: Awaited<ReturnType<typeof readSafetensors>>;
  try {
    saved = await readSafetensors(file);
  } catch (cause) {
    throw new TrainingError('checkpoint_invalid', 'The checkpoint cannot be read.', { cause });
  }
  const arrays = Object.fromEntries([...saved.tensors].map(([name, { data }]) => [name, data]));
  const { step: text, heldOut: json, fingerprint, origin, contentSha256 } = saved.metadata;
  const state = stateOf(arrays, '');
  if (!state || text === undefined || json === undefined || fingerprint === undefined || origin === undefined) {
    throw new TrainingError('checkpoint_invalid', 'The file is no training checkpoint.');
  }
  if (contentHash({ step: text, heldOut: json, fingerprint, origin }, arrays) !== contentSha256) {
    throw new TrainingError('checkpoint_invalid', 'The checkpoint is damaged: its content has another hash.');
  }
  const step = Number(text);
  const { best, ...record } = JSON.parse(json) as HeldOutRecord;
  const heldOut = { ...record, best: best && { ...best, state: stateOf(arrays, 'best.') ?? state } };
  return { checkpoint: { step, state, heldOut }, owner: { fingerprint, origin } };
}

function stateOf(arrays: Record<string, Float32Array>, prefix: string): StateArrays | null {
  const [theta, m, v] = stateNames.map((name) => arrays[prefix + name]);
  return theta && m && v ? { theta, m, v } : null;
}

function contentHash(facts: Record<string, string>, arrays: Record<string, Float32Array>): string {
  const hash = createHash('sha256');
  for (const key of Object.keys(facts).sort()) hash.update(`${key}=${facts[key]}\n`);
  for (const name of Object.keys(arrays).sort()) hash.update(`${name}\n`).update(arrays[name]!);
  return hash.digest('hex');
}

/** Later steps are left from an earlier run in the same folder; resuming from one of them would be a mistake. */
async function dropOutdated(folder: string, newest: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => namePattern.test(name)).sort();
  const end = names.indexOf(newest) + 1;
  const outdated = [...names.slice(0, Math.max(0, end - keptCheckpoints)), ...names.slice(end)];
  for (const name of outdated) await rm(join(folder, name), { force: true });
}
