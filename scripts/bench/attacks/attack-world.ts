import { fileURLToPath } from 'node:url';
import type { AttackRow } from '#lib/attacks/types.ts';
import { plantedFacts } from '../attribution/planted/planted-facts.ts';
import { plantedRecipe } from '../attribution/planted/planted-recipe.ts';
import { openPlantedWorld } from '../attribution/planted/planted-world.ts';

/** Twelve contributors with ten rows each on average. */
const size = { contributors: 12, rows: 120, queries: 36 };

/** As `bench -- attribution` trains. Large batches: with batches of 8 one row more moves everybody's pay a third more. */
export const attackRecipe = { ...plantedRecipe, evalEverySteps: 0, checkpointEverySteps: 0 };

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
