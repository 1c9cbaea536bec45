import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';

/**
 * Rows of a JSON-lines file, gzipped or not: `{id, messages: [{role, content}]}` or `{id, text}`, in the order they were
 * trained in; those with `"split": "evaluation"` are the sealed ones. Throws naming the line that is no row.
 */
export async function readRows(file: string): Promise<{ train: TrainingExample[]; evaluation: TrainingExample[] }> {
  const bytes = await readFile(file);
  const lines = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
  const [train, evaluation]: [TrainingExample[], TrainingExample[]] = [[], []];
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const { split, ...row } = JSON.parse(line) as { split?: string } & Partial<
      Record<'id' | 'messages' | 'text', unknown>
    >;
    const isRow = typeof row.id === 'string' && (Array.isArray(row.messages) || typeof row.text === 'string');
    if (!isRow) throw new Error(`line ${i + 1} of ${file} is no row: it needs an id, and messages or a text`);
    (split === 'evaluation' ? evaluation : train).push(row as TrainingExample);
  }
  return { train, evaluation };
}
