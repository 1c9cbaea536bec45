import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { findCopiesInThread } from '#lib/engine/attribution/text-jobs.ts';
import { chooseTrainingSet, type TrainingSet } from '#lib/model-factory/choose-training-set.ts';

const sample = fileURLToPath(new URL('../../../db/samples/threat-intelligence.jsonl', import.meta.url));

/** The rows of a sample Datanet, or of another JSON-lines file of `{prompt, completion}`, divided as the product divides them. */
export async function sampleRows(file: string | null): Promise<TrainingSet> {
  const lines = (await readFile(file ?? sample, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const rows = lines.map((line, i) => {
    const { prompt, completion } = JSON.parse(line) as { prompt: string; completion: string };
    return { id: `row_${i}`, contributor: '0x0' as const, contentHash: '', data: { prompt, completion } };
  });
  const fields = [{ name: 'prompt' }, { name: 'completion' }];
  return chooseTrainingSet({ findCopies: findCopiesInThread }, { rows, fields, root: '0x0' });
}
