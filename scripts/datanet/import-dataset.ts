import { basename } from 'node:path';
import { readDataset } from './read-dataset.ts';
import { type ImportRow, type Mapping, toImportRow } from './to-import-row.ts';

export type ImportOptions = Omit<Mapping, 'fields'> & {
  path: string;
  datanet: string;
  server: string;
  apiKey: string;
  accept: boolean;
};

export type ImportReport = { read: number; stored: number; accepted: number; duplicates: number; problems: string[] };

const rowsAtOnce = 500;

type Verdict = { kind: string; line: number; fix?: string; findings?: { kind: string }[] };

/**
 * Sends a dataset's rows to a Datanet, five hundred at a time. What was stored before is a duplicate and costs nothing, so an import
 * that broke off is run again. `report` is told after each batch.
 *
 * @throws {Error} when the server refuses a batch, or a file cannot be read
 */
export async function importDataset(
  options: ImportOptions,
  report: (so: ImportReport) => void = () => {},
): Promise<ImportReport> {
  const base = `${options.server.replace(/\/$/, '')}/api/v1/datanets/${options.datanet}`;
  const fields = await fieldsOf(base);
  const so: ImportReport = { read: 0, stored: 0, accepted: 0, duplicates: 0, problems: [] };
  let batch: { row: ImportRow; place: string }[] = [];
  const flush = async () => {
    if (batch.length > 0) await send(base, options, batch, so);
    batch = [];
    report(so);
  };
  for await (const record of readDataset(options.path)) {
    so.read += 1;
    const row = toImportRow(record, { ...options, fields });
    if ('problem' in row) so.problems.push(`${record.place} ${row.problem}`);
    else batch.push({ row, place: record.place });
    if (batch.length === rowsAtOnce) await flush();
  }
  await flush();
  return so;
}

async function fieldsOf(base: string): Promise<[string, string]> {
  const { fields } = (await ask(base)) as { fields: { name: string }[] };
  const [question, answer] = fields.map(({ name }) => name);
  if (!question || !answer) throw new Error('this Datanet has not two fields, a question and an answer');
  return [question, answer];
}

async function send(
  base: string,
  { path, accept, apiKey }: ImportOptions,
  batch: readonly { row: ImportRow; place: string }[],
  so: ImportReport,
): Promise<void> {
  const body = { source: basename(path).slice(0, 120), accept, rows: batch.map(({ row }) => row) };
  const { stored, accepted, verdicts } = (await ask(`${base}/imports`, { apiKey, body })) as {
    stored: number;
    accepted: number;
    verdicts: Verdict[];
  };
  so.stored += stored;
  so.accepted += accepted;
  for (const [i, { kind, fix, findings }] of verdicts.entries()) {
    if (kind.startsWith('duplicate')) so.duplicates += 1;
    else if (kind === 'held')
      so.problems.push(`${batch[i]!.place} has personal data: ${findings!.map((one) => one.kind).join(', ')}`);
    else if (kind === 'invalid') so.problems.push(`${batch[i]!.place}: ${fix}`);
  }
}

/** Asks the server; too many requests are waited for. Throws with the server's own words. */
async function ask(url: string, post?: { apiKey: string; body: unknown }): Promise<unknown> {
  const response = await fetch(url, {
    ...(post && { method: 'POST', body: JSON.stringify(post.body) }),
    headers: { 'content-type': 'application/json', ...(post && { authorization: `Bearer ${post.apiKey}` }) },
  });
  if (response.status === 429) {
    await new Promise((resolve) => setTimeout(resolve, 1000 * Number(response.headers.get('retry-after') ?? 5)));
    return ask(url, post);
  }
  const answer = (await response.json()) as { error?: { message: string } };
  if (!response.ok) throw new Error(answer.error?.message ?? `${url} answers ${response.status}`);
  return answer;
}
