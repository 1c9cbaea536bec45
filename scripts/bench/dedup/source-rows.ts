import { readdir, readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';

const samples = new URL('../../../db/samples/', import.meta.url);
/** Longest row taken, in characters: what a Datanet's row holds. */
const charactersMax = 4000;

/**
 * Rows to measure on, each as its fields' texts: those of a JSON-lines file (`{prompt, completion}` or `{text}`, gzipped or
 * not), else the rows of the sample Datanets.
 */
export async function sourceRows(dataPath: string | null, rowsMax = Number.POSITIVE_INFINITY): Promise<string[][]> {
  const files = dataPath ? [dataPath] : await sampleFiles();
  const rows: string[][] = [];
  for (const file of files) {
    const bytes = await readFile(file);
    const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    for (const line of text.split('\n')) {
      if (line.trim() === '' || rows.length >= rowsMax) continue;
      const row = JSON.parse(line) as { text?: string; prompt?: string; completion?: string };
      rows.push(
        (row.text === undefined ? [row.prompt!, row.completion!] : [row.text]).map((t) => t.slice(0, charactersMax)),
      );
    }
  }
  return rows;
}

async function sampleFiles(): Promise<string[]> {
  const names = (await readdir(samples)).filter((name) => name.endsWith('.jsonl') && !name.startsWith('example-'));
  return names.sort().map((name) => new URL(name, samples).pathname);
}
