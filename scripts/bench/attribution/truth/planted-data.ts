import type { ChatExample } from '#lib/engine/train/prepare-examples.ts';
import type { Recipe } from '#lib/engine/train/recipe.ts';
import { plantedFacts } from '../planted/planted-facts.ts';
import { plantedRecipe } from '../planted/planted-recipe.ts';
import { openPlantedWorld } from '../planted/planted-world.ts';
import { orderRows, type TruthData } from './truth-data.ts';

export type PlantedData = TruthData & {
  /** Which rows contradict another one. */
  isWrong: boolean[];
};

/** The planted world as something to measure on. @param wrongShare rows on top of `rows` that contradict another one */
export async function plantedData(options: {
  cacheDir: string;
  rows: number;
  wrongShare?: number;
  tellers?: number;
  recipe?: Recipe;
}): Promise<PlantedData> {
  const { modelDir } = await openPlantedWorld(options);
  const { cacheDir: _, recipe = plantedRecipe, ...facts } = options;
  const { rows, queries } = plantedFacts({ seed: 'truth', ...facts });
  const owned = rows.map(({ id, contributor, messages }) => ({
    example: { id, messages } as ChatExample,
    contributor,
  }));
  const ordered = orderRows(owned, { modelDir, recipe });
  const wrong = new Set(rows.filter((row) => row.isWrong).map(({ id }) => id));
  const texts = new Map(queries.map(({ id, messages }) => [id, messages[0]!.content]));
  return {
    name: 'planted facts',
    ...ordered,
    isWrong: ordered.setting.examples.map(({ id }) => wrong.has(id)),
    questions: queries,
    textOf: (id) => texts.get(id) ?? '',
    maxTokens: 20,
  };
}
