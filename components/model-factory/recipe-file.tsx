'use client';

import { useState } from 'react';
import type { TrainingRecipe } from '#lib/model-factory/schema.ts';
import { readRecipeFile, recipeToFile } from './recipe-text.ts';

const buttonLike =
  'inline-flex h-8 cursor-pointer items-center border border-hairline px-3 text-sm hover:bg-sunken focus-within:outline-2';

/** Takes the recipe away as a file, and brings one in; a file that does not fit is named and changes nothing. */
export function RecipeFile({ recipe, onRead }: { recipe: TrainingRecipe; onRead: (recipe: TrainingRecipe) => void }) {
  const [problem, setProblem] = useState<string | null>(null);
  const read = async (file: File | undefined) => {
    if (!file) return;
    const result = readRecipeFile(await file.text());
    setProblem(result.ok ? null : result.problem);
    if (result.ok) onRead(result.recipe);
  };
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap gap-2">
        <a
          className={buttonLike}
          download="recipe.json"
          href={`data:application/json;charset=utf-8,${encodeURIComponent(recipeToFile(recipe))}`}
        >
          Export this recipe
        </a>
        <label className={buttonLike}>
          Import a recipe
          <input
            type="file"
            accept="application/json,.json"
            className="sr-only"
            onChange={({ target }) => void read(target.files?.[0])}
          />
        </label>
      </div>
      {problem && (
        <p role="alert" className="text-xs text-bad">
          {problem}
        </p>
      )}
    </div>
  );
}
