import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSafetensors } from '#lib/engine/io/safetensors.ts';
import { isSameKind, type MachineFacts } from '#lib/engine/train/machine-facts.ts';
import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';
import { completeRecipe } from '#lib/engine/train/recipe.ts';
import type { RunManifest } from '#lib/engine/train/run-manifest.ts';
import { mergeTrainedAdapters, trainAdapter } from '#lib/engine/train/train-adapter.ts';
import type { MergeInput } from '#lib/engine/train/train-events.ts';

/** A run to train again: its manifest, its rows as they were divided, and the adapter that it made. */
export type RecordedRun = {
  manifest: RunManifest;
  train: TrainingExample[];
  evaluation: TrainingExample[];
  /** `adapter_model.safetensors` of the run; null: only its hash is known. */
  adapterFile: string | null;
  /** The checkpoint that a fork started from. */
  forkFrom?: string | undefined;
  /** Private runs only. */
  noiseSecret?: string | undefined;
  /** Of a merge: folders of the adapters that it is made of, with their hashes and weights; nothing is trained then. */
  parents?: MergeInput['parents'] | undefined;
};

export type Comparison = { what: string; recorded: string; found: string };

export type Reproduction = {
  /** In order of cause: an engine, base or rows that differ explain an adapter that does. */
  comparisons: Comparison[];
  /** Whether this machine has to give the same bits: same instruction sets and runtime. */
  isSameMachine: boolean;
  /** Largest difference of a weight, relative to the largest weight of its tensor; null where it was not compared. */
  largestDifference: number | null;
};

/**
 * Trains a recorded run again into `outDir`, or puts a merge together again, and compares what came out. The adapter is the same when the
 * last comparison agrees. Throws what training or merging throws.
 */
export async function reproduceRun(
  run: RecordedRun,
  options: { modelDir: string; outDir: string; threads: number; onProgress?: (step: number, total: number) => void },
): Promise<Reproduction> {
  const { manifest, adapterFile, parents, ...rows } = run;
  const { onProgress, ...place } = options;
  await mkdir(place.outDir, { recursive: true });
  const { datasetRoot, dataset } = manifest;
  const input = { ...rows, ...place, datasetRoot, dataset: dataset ?? undefined };
  let total = 0;
  const whole = { ...input, recipe: completeRecipe(manifest.recipe) };
  for await (const event of parents ? mergeTrainedAdapters({ ...whole, parents }) : trainAdapter(whole)) {
    if (event.type === 'started') total = event.totalSteps;
    if (event.type === 'step') onProgress?.(event.step, total);
  }
  const again = await readManifest(join(options.outDir, 'run-manifest.json'));
  const same = (what: string, of: (from: RunManifest) => unknown): Comparison => ({
    what,
    recorded: String(of(manifest)),
    found: String(of(again)),
  });
  return {
    comparisons: [
      same('engine version', (from) => from.engineVersion),
      same('base model', (from) => from.baseSha256),
      same('training rows', (from) => from.trainSha256),
      same('sealed rows', (from) => from.sealedSha256),
      ...(parents ? [same('merged models and weights', mergeOf)] : []),
      same('steps', (from) => from.steps),
      same('held-out loss', (from) => from.evalLoss),
      same('adapter', (from) => from.adapterSha256),
    ],
    isSameMachine: isSameKind(machineOf(manifest), again.machine),
    largestDifference:
      adapterFile === null
        ? null
        : await largestDifference(adapterFile, join(options.outDir, 'adapter_model.safetensors')),
  };
}

/** Reads a run manifest. Throws when the file is none. */
export async function readManifest(file: string): Promise<RunManifest> {
  return parseManifest(JSON.parse(await readFile(file, 'utf8')));
}

/** Checks that a value has what a reproduction needs of a manifest. */
export function parseManifest(value: unknown): RunManifest {
  const manifest = value as Partial<RunManifest> | null;
  if (!manifest?.recipe || !manifest.adapterSha256 || !manifest.baseModel || !manifest.datasetRoot) {
    throw new Error('this is no run manifest: recipe, adapterSha256, baseModel and datasetRoot are needed');
  }
  return manifest as RunManifest;
}

/** As text: the database keeps fields in an order of its own. */
function mergeOf(from: RunManifest): string {
  const merge = 'merge' in from ? (from.merge as { adapterSha256: string; weightPpm: number }[]) : [];
  return merge.map(({ adapterSha256, weightPpm }) => `${adapterSha256} ${weightPpm}`).join(', ');
}

/** Manifests of engine version 1 name no machine: that one is nobody's kind. */
function machineOf(manifest: Partial<RunManifest>): MachineFacts {
  const unknown = { cpu: '', platform: '', features: [], threads: 0, node: '', onnxruntime: '' };
  return manifest.machine ?? unknown;
}

async function largestDifference(recorded: string, found: string): Promise<number> {
  const [a, b] = [(await readSafetensors(recorded)).tensors, (await readSafetensors(found)).tensors];
  let largest = 0;
  for (const [name, { data }] of a) {
    const other = b.get(name)?.data;
    if (other?.length !== data.length) return Number.POSITIVE_INFINITY;
    let [scale, difference] = [0, 0];
    for (let i = 0; i < data.length; i++) {
      scale = Math.max(scale, Math.abs(data[i]!));
      difference = Math.max(difference, Math.abs(data[i]! - other[i]!));
    }
    if (difference > 0) largest = Math.max(largest, difference / scale);
  }
  return largest;
}
