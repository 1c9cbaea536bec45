import { createHash } from 'node:crypto';
import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';
import type { Recipe } from '#lib/engine/train/recipe.ts';
import type { Question } from './answers.ts';
import type { TruthSetting } from './retrain.ts';

/** Rows with owners and questions about them: what a measurement is made on. Rows lie in the order of their content. */
export type TruthData = {
  name: string;
  setting: TruthSetting;
  /** Contributors by number; `owners[row]` is the row's. */
  contributors: readonly string[];
  owners: readonly number[];
  rowTexts: readonly string[];
  questions: readonly Question[];
  /** The words of a question. */
  textOf: (questionId: string) => string;
  /** Longest answer, in tokens. */
  maxTokens: number;
};

export type OwnedRow = { example: TrainingExample; contributor: string };

/**
 * Puts rows into the order of their content, as the product trains on them: neither order nor root knows owners or ids.
 */
export function orderRows(
  rows: readonly OwnedRow[],
  { modelDir, recipe }: { modelDir: string; recipe: Recipe },
): Pick<TruthData, 'setting' | 'contributors' | 'owners' | 'rowTexts'> {
  const hashed = rows
    .map((row) => ({ ...row, text: textOfExample(row.example), hash: sha256(JSON.stringify(contentOf(row.example))) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const contributors = [...new Set(rows.map(({ contributor }) => contributor))].sort();
  const datasetRoot = sha256(hashed.map(({ hash }) => hash).join('|'));
  return {
    setting: { modelDir, examples: hashed.map(({ example }) => example), recipe, datasetRoot },
    contributors,
    owners: hashed.map(({ contributor }) => contributors.indexOf(contributor)),
    rowTexts: hashed.map(({ text }) => text),
  };
}

function contentOf(example: TrainingExample): unknown {
  return 'text' in example ? example.text : example.messages;
}

function textOfExample(example: TrainingExample): string {
  return 'text' in example ? example.text : example.messages.map(({ content }) => content).join(' ');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
