import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import type { TrainingExample } from '#lib/engine/train/prepare-examples.ts';

const places = ['Aldermoor', 'Birchfen', 'Calder Wharf', 'Dunlow', 'Eskerby', 'Fernhill', 'Gorse Point', 'Hollin Weir'];
const goods = ['barley', 'salt', 'timber', 'wool', 'slate', 'honey', 'iron', 'cider', 'linen', 'peat'];
const days = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];

/**
 * A question about an invented harbour's rules, with an answer, 55 to 65 tokens together. Facts follow from the place and the
 * goods alone, so that a model can learn them; the number and the day change the words. Row i is always the same.
 */
export function harbourRow(i: number): TrainingExample {
  const place = places[i % places.length]!;
  const good = goods[Math.floor(i / places.length) % goods.length]!;
  const day = days[(i * 7) % days.length]!;
  const fee = 3 + (((i % places.length) * 5 + (Math.floor(i / places.length) % goods.length) * 3) % 40);
  const load = 10 + ((i * 13) % 90);
  return {
    id: `row_${String(i).padStart(6, '0')}`,
    messages: [
      { role: 'user', content: `What does it cost to land ${load} crates of ${good} at ${place}?` },
      {
        role: 'assistant',
        content: `The harbour of ${place} charges ${fee} shillings for any ${good}. Pay on ${day} before noon.`,
      },
    ],
  };
}

/** `count` rows: plain texts of a JSON-lines file (`{text}`, gzipped or not) in its order, else the harbour's. */
export async function benchRows(count: number, dataPath: string | null): Promise<TrainingExample[]> {
  if (dataPath === null) return Array.from({ length: count }, (_, i) => harbourRow(i));
  const bytes = await readFile(dataPath);
  const lines = (dataPath.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').split('\n', count);
  return lines
    .filter((line) => line !== '')
    .map((line, i) => ({ id: `row_${i}`, text: (JSON.parse(line) as { text: string }).text }));
}
