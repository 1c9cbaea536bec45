import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '../../tokenizer/tokenizer.ts';
import { type PreparedExample, prepareExamples, type TrainingExample } from '../../train/prepare-examples.ts';
import type { Recipe } from '../../train/recipe.ts';
import type { SpanRow } from './span-index.ts';
import { type BuiltSpanIndex, writeSpanIndex } from './write-span-index.ts';

export type BuildSpanIndexInput = {
  modelDir: string;
  /** The trained adapter: its run manifest says how training rendered and cut the rows. */
  adapterDir: string;
  /** The rows that the adapter was trained on. */
  examples: readonly TrainingExample[];
  outFile: string;
};

/**
 * Writes the suffix index of an adapter's training rows, tokenised as training saw them: what was cut off was not learnt.
 * @throws TrainingError dataset_empty; TokenizerError; the error of a manifest that cannot be read
 */
export async function buildSpanIndex(input: BuildSpanIndexInput): Promise<BuiltSpanIndex> {
  const { modelDir, adapterDir, examples, outFile } = input;
  const tokenizer = await Tokenizer.load(modelDir);
  const manifest = JSON.parse(await readFile(join(adapterDir, 'run-manifest.json'), 'utf8')) as { recipe: Recipe };
  const prepared = prepareExamples(tokenizer, examples, manifest.recipe, 'attribution set');
  return writeSpanIndex(outFile, prepared.examples.map(toSpanRow), tokenizer.vocabularySize);
}

/** Inputs and labels are the same tokens, one apart. */
function toSpanRow({ id, ids, labels }: PreparedExample): SpanRow {
  const tokens = new Int32Array(ids.length + 1);
  tokens.set(ids);
  tokens[ids.length] = labels.at(-1)!;
  return { id, tokens };
}
