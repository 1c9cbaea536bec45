import { join } from 'node:path';
import { buildIndex } from '#lib/engine/attribution/build-index.ts';
import { loadAdaptedModel } from '#lib/engine/attribution/gradient-source.ts';
import { probeInfluence } from '#lib/engine/attribution/probe-influence.ts';
import { readIndex } from '#lib/engine/attribution/read-index.ts';
import { readRowDiagnostics } from '#lib/engine/attribution/row-diagnostics.ts';
import { writeAdapter } from '#lib/engine/io/peft.ts';
import type { Trained, TruthTrainer } from './retrain.ts';
import type { TruthData } from './truth-data.ts';

/** Signs that a row says something wrong, one value a row; higher: more suspicious. */
export type MistakeSigns = Record<string, Float64Array>;

/**
 * What the product can tell of its training rows with an index and nothing else. Its own sign is the contradiction: how much a
 * row lowers, at worst, the probability of what another row says. The others are those of the literature: loss and gradient
 * norm at the end of training, and self-influence (Koh and Liang 2017, arXiv 1703.04730, section 5.4; TracIn, section 4.1).
 */
export async function mistakeSigns(
  { base, layout, sessions, reach }: TruthTrainer,
  { setting }: TruthData,
  { theta, v }: Pick<Trained, 'theta' | 'v'>,
  folder: string,
): Promise<MistakeSigns> {
  const { examples } = setting;
  const [adapterDir, outFile] = [join(folder, 'adapter'), join(folder, 'adapter.index')];
  await writeAdapter(adapterDir, { layout, theta, baseModelName: null });
  const model = await loadAdaptedModel(base, adapterDir);
  await buildIndex(
    model,
    sessions,
    { adapterDir, examples, outFile, reach: reach(v) },
    { onProgress: () => {}, isStopped: () => false },
  );
  const diagnoses = await readRowDiagnostics(outFile);
  if (!diagnoses) throw new Error('The index build left no diagnostics.');
  const probes = examples.map((example, group) => ({ example, group }));
  const groupOf = Object.fromEntries(examples.map(({ id }, group) => [id, group]));
  const index = await readIndex(outFile);
  const { rows } = await probeInfluence(model, sessions, index, { adapterDir, probes, groupOf }, () => false);
  return {
    contradiction: Float64Array.from(rows, ({ worst }) => -Number(worst)),
    loss: Float64Array.from(diagnoses, ({ loss }) => loss),
    'gradient norm': Float64Array.from(diagnoses, ({ gradientNorm }) => gradientNorm),
    'self-influence': Float64Array.from(diagnoses, ({ selfInfluence }) => selfInfluence),
  };
}
