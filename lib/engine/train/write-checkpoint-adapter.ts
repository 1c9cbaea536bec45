import { basename } from 'node:path';
import { writeAdapter } from '../io/peft.ts';
import type { LoraConfig } from '../lora/config.ts';
import { adapterLayout } from '../lora/layout.ts';
import { readLlamaConfig } from '../nn/config.ts';
import { readCheckpointTheta } from './checkpoint.ts';
import { TrainingError } from './errors.ts';

/**
 * Writes the adapter that a training had at a checkpoint as a PEFT folder, which serving can load.
 *
 * @param lora as in the recipe of the checkpoint's run
 * @returns hash of the base that the checkpoint belongs to (`BaseModel.sha256`)
 * @throws TrainingError checkpoint_invalid (unreadable, damaged), checkpoint_mismatch (of another base or other shapes)
 */
export async function writeCheckpointAdapter(
  outDir: string,
  input: { file: string; modelDir: string; lora: LoraConfig },
): Promise<{ baseSha256: string }> {
  const { theta, origin } = await readCheckpointTheta(input.file);
  const [baseSha256, r, targetModules] = JSON.parse(origin) as [string, number, string[]];
  const layout = adapterLayout(await readLlamaConfig(input.modelDir), input.lora);
  const isSame = r === input.lora.r && JSON.stringify(targetModules) === JSON.stringify(input.lora.targetModules);
  if (!isSame || layout.length !== theta.length)
    throw new TrainingError('checkpoint_mismatch', 'The checkpoint belongs to an adapter of another shape.');
  await writeAdapter(outDir, { layout, theta, baseModelName: basename(input.modelDir) });
  return { baseSha256 };
}
