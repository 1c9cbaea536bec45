import { fileURLToPath } from 'node:url';
import type { AttackRow } from '#lib/attacks/types.ts';
import { recipePresets } from '#lib/engine/train/recipe.ts';
import { plantedFacts } from '../attribution/planted/planted-facts.ts';
import { openPlantedWorld } from '../attribution/planted/planted-world.ts';

/** Twelve contributors with ten rows each on average; half as many questions as rows are trained on. */
const size = { contributors: 12, rows: 120, queries: 48 };

/** Balanced, with as many steps as a set of this size needs to learn its facts. */
export const attackRecipe = {
  ...recipePresets.balanced,
  ...{ learningRate: 5e-3, epochs: 14, batchSize: 8, evalEverySteps: 0, checkpointEverySteps: 0 },
};

export type AttackWorld = { rows: AttackRow[]; questions: string[] };

/** The planted-facts world of a seed, as attacks see it. */
export function attackWorld(seed: string): AttackWorld {
  const { rows, queries } = plantedFacts({ seed: `attacks ${seed}`, ...size });
  return {
    rows: rows.map(({ id, contributor, messages: [asked, said] }) => {
      return { id, contributor, question: asked!.content, answer: said!.content };
    }),
    questions: queries.map(({ messages }) => messages[0]!.content),
  };
}

/** The base of the planted world, shared with `bench -- attribution`. */
export async function attackModelDir(): Promise<string> {
  const cacheDir = fileURLToPath(new URL('../../../.cache/attribution', import.meta.url));
  return (await openPlantedWorld({ cacheDir })).modelDir;
}
