import { recipeSchema, type TrainingRecipe } from '#lib/model-factory/schema.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';

/**
 * What the owner approves: SHA-256 of the base's name and every parameter, in the schema's order. Code is not part of it because none comes
 * from outside: the worker runs the engine that its owner installed, and a recipe is parameters alone.
 */
export function recipeHash(baseModel: string, recipe: TrainingRecipe): `0x${string}` {
  return sha256(JSON.stringify(['openledger-recipe/1', baseModel, recipeSchema.parse(recipe)]));
}
