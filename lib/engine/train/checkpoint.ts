import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readSafetensors, writeSafetensors } from '../io/safetensors.ts';
import { TrainingError } from './errors.ts';
import { OptimizerState } from './optimizer-state.ts';

/** A step's whole state on disk: theta, m, v (float32) and the step's number. */
export type SavedCheckpoint = { step: number; file: string; sha256: string };

const namePattern = /^checkpoint-\d{8}\.safetensors$/;
/** One older checkpoint stays, should the newest be lost with the disk block it was on. */
const keptCheckpoints = 2;

/**
 * Writes a checkpoint atomically (temporary file, fsync, rename) and drops all but it and the one before.
 *
 * @param fingerprint of everything that decides the run besides the step; `readCheckpoint` asks for the same
 */
export async function saveCheckpoint(
  folder: string,
  step: number,
  { theta, m, v }: OptimizerState,
  fingerprint: string,
): Promise<SavedCheckpoint> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `checkpoint-${String(step).padStart(8, '0')}.safetensors`);
  const tensors = new Map(
    Object.entries({ theta, m, v }).map(([name, data]) => [name, { shape: [data.length], data }]),
  );
  await writeSafetensors(file, tensors, { metadata: { step: String(step), fingerprint }, dtype: 'F32' });
  // Later steps are left from an earlier run in the same folder; resuming from one of them would be a mistake.
  const names = (await readdir(folder)).filter((name) => namePattern.test(name)).sort();
  const end = names.indexOf(basename(file)) + 1;
  const outdated = [...names.slice(0, Math.max(0, end - keptCheckpoints)), ...names.slice(end)];
  for (const name of outdated) await rm(join(folder, name), { force: true });
  return { step, file, sha256: await sha256OfFile(file) };
}

/** @throws TrainingError checkpoint_invalid (unreadable), checkpoint_mismatch (of another run) */
export async function readCheckpoint(
  file: string,
  length: number,
  fingerprint: string,
): Promise<{ step: number; state: OptimizerState }> {
  let saved: Awaited<ReturnType<typeof readSafetensors>>;
  try {
    saved = await readSafetensors(file);
  } catch (cause) {
    throw new TrainingError('checkpoint_invalid', 'The checkpoint cannot be read.', { cause });
  }
  const [theta, m, v] = ['theta', 'm', 'v'].map((name) => saved.tensors.get(name)?.data);
  const step = Number(saved.metadata.step);
  if (!theta || !m || !v || !Number.isInteger(step)) {
    throw new TrainingError('checkpoint_invalid', 'The file is no training checkpoint.');
  }
  if (theta.length !== length || saved.metadata.fingerprint !== fingerprint) {
    throw new TrainingError('checkpoint_mismatch', 'The checkpoint belongs to another base, dataset or recipe.');
  }
  return { step, state: new OptimizerState(theta, m, v) };
}

/** The newest checkpoint of a run's folder, or null. */
export async function findLatestCheckpoint(folder: string): Promise<string | null> {
  const names = await readdir(folder).catch(() => []);
  const latest = names
    .filter((name) => namePattern.test(name))
    .sort()
    .at(-1);
  return latest === undefined ? null : join(folder, latest);
}

/** Lower-case hex SHA-256 of a file's bytes. */
export async function sha256OfFile(file: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
}
