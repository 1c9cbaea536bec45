import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { parquetReadObjects } from 'hyparquet';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributions, datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import type { Env } from '#lib/platform/env.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { exportVersion } from './export-version.ts';
import { findViewerVersion, type ViewerVersion } from './find-viewer-version.ts';
import { getCroissant } from './get-croissant.ts';
import { filterViewerRows, readViewerRows, searchViewerRows } from './read-viewer-rows.ts';
import { requestVersionExport } from './request-version-export.ts';
import type { VersionExport } from './types.ts';
import { versionCsv } from './version-csv.ts';

const rowCount = 250;
const people = [1, 2, 3].map((n) => `0x${String(n).repeat(40)}` as `0x${string}`);
const special = ['=HYPERLINK("x")', 'it\'s "quoted", yes', 'Zeile\nzwei', '日本語 🙂', "'; drop table examples; --"];
const textOf = (i: number) =>
  special[i] ?? `question ${i} about ${i % 2 ? 'phishing' : 'ransomware'} ${'x'.repeat(i % 40)}`;

let database: TestDatabase;
let folder = '';
let version: ViewerVersion;
let now = new Date('2026-03-01T00:00:00Z');
const sent: string[] = [];
const deps = () => ({
  db: database.db,
  store: fileObjectStore(join(folder, 'objects')),
  queue: {
    send: async (name: string, _payload: unknown, { key }: { key: string }) => void sent.push(`${name} ${key}`),
  },
  env: { APP_URL: 'https://ledger.test' } as Env,
  now: () => now,
});

beforeAll(async () => {
  database = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'dataset-viewer-'));
  await insertVersion();
  version = await findViewerVersion(database.db, { dataset: 'law-answers' });
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

async function insertVersion() {
  const { db } = database;
  const [at, hash] = [new Date('2026-01-01T00:00:00.250Z'), (i: number) => sha256(String(i))];
  await db.insert(datanets).values({
    ...{ id: 'dn_1', slug: 'law-answers', owner: people[0]!, title: 'Law answers', domain: 'law', language: 'en' },
    ...{ summary: 'For tests.', description: 'For tests, in length.', rubric: ['True.'], license: 'CC-BY-4.0' },
    fields: ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 4_000 })),
    ...{ metaHash: hash(-1), createdAt: at },
  });
  const contribution = { id: 'ctr_1', datanetId: 'dn_1', contributor: people[0]!, source: 'form' };
  await db.insert(contributions).values({ ...contribution, idempotencyKey: 'k', rowCount, createdAt: at });
  const rows = Array.from({ length: rowCount }, (_, i) => ({
    ...{ id: `ex_${String(i).padStart(4, '0')}`, datanetId: 'dn_1', contributionId: 'ctr_1' },
    ...{ contributor: people[i % 3]!, contentHash: hash(i), status: 'accepted' as const },
    data: { prompt: textOf(i), completion: `answer ${i}` },
    createdAt: new Date(at.getTime() + i * 3_600_000),
  }));
  await db.insert(examples).values(rows);
  await deps().store.put('sha256/rows', Buffer.from('{}\n'));
  const frozen = { id: 'dv_1', datanetId: 'dn_1', number: 1, root: hash(-2), rowCount, contributorCount: 3 };
  await db.insert(datanetVersions).values({ ...frozen, objectKey: 'sha256/rows', frozenBy: people[0]!, createdAt: at });
  await db
    .insert(versionExamples)
    .values(rows.map(({ id }, leafIndex) => ({ versionId: 'dv_1', leafIndex, exampleId: id })));
}

const filter = async (where: string, orderby?: string) =>
  (await filterViewerRows(database.db, version, { where, orderby, offset: 0, length: 100 })).rows.map(
    (row) => row.row_idx,
  );
const indices = (isIn: (i: number) => boolean) => Array.from({ length: rowCount }, (_, i) => i).filter(isIn);

describe('the viewer', () => {
  it('pages in the order of the version, with every character', async () => {
    const page = await readViewerRows(database.db, version, { offset: 0, length: 100 });
    expect(page).toMatchObject({ num_rows_total: rowCount, num_rows_per_page: 100, partial: false });
    expect(page.rows.map(({ row }) => row.prompt)).toEqual(Array.from({ length: 100 }, (_, i) => textOf(i)));
    expect(page.rows[4]!.row).toEqual({
      ...{ prompt: textOf(4), completion: 'answer 4', row_id: 'ex_0004', contributor: people[1] },
      ...{ content_hash: sha256('4'), contributed_at: '2026-01-01T04:00:00' },
    });
    const last = await readViewerRows(database.db, version, { offset: 200, length: 100 });
    expect(last.rows.map((row) => row.row_idx)).toEqual(indices((i) => i >= 200));
  });

  it('finds words, also unfinished ones', async () => {
    const found = await searchViewerRows(database.db, version, { query: 'question ransom', offset: 10, length: 5 });
    const all = indices((i) => i >= special.length && i % 2 === 0);
    expect(found.num_rows_total).toBe(all.length);
    expect(found.rows.map((row) => row.row_idx)).toEqual(all.slice(10, 15));
  });

  it('filters and sorts', async () => {
    expect(await filter(`"completion" = 'answer 7'`)).toEqual([7]);
    expect(await filter(`prompt = 'it''s "quoted", yes'`)).toEqual([1]);
    expect(await filter(`"prompt" = '${special[4]!.replaceAll("'", "''")}'`)).toEqual([4]);
    expect(await filter(`"prompt" ILIKE '%PHISHING%' AND length("prompt") > 60`)).toEqual(
      indices((i) => textOf(i).includes('phishing') && textOf(i).length > 60),
    );
    expect(await filter(`NOT ("contributor" IN ('${people[0]}', '${people[1]}')) AND row_id < 'ex_0010'`)).toEqual([
      2, 5, 8,
    ]);
    expect(await filter(`"contributed_at" BETWEEN '2026-01-01T02:00:00Z' AND '2026-01-01T04:30:00Z'`)).toEqual([
      2, 3, 4,
    ]);
    expect(await filter(`"prompt" IS NULL OR row_id = 'ex_0003'`, '"row_id" DESC')).toEqual([3]);
    expect((await filter(`length("prompt") >= 0`, '"row_id" DESC'))[0]).toBe(rowCount - 1);
  });

  it.each([
    [`"price" > 3`, '“price” at place 1 is no column; there are prompt, completion'],
    [`"prompt" = 3`, 'A number stands where a string belongs.'],
    [`"prompt" = 'a' 'b'`, '“b” is too much'],
    [`("prompt" = 'a'`, ') is missing before “the end”.'],
    [`"prompt" ; drop table examples`, 'Place 10 (; drop tab) cannot be read.'],
    [`"contributed_at" > 'soon'`, 'e.g. no such date'],
    [`${'('.repeat(30)}"prompt" = 'a'${')'.repeat(30)}`, 'nested deeper than 20'],
  ])('refuses %s and says why', async (where, message) => {
    await expect(filter(where)).rejects.toThrow(message);
    await expect(filter(`row_id = 'ex_0001'`, 'pg_sleep(9)')).rejects.toThrow('pg_sleep is no column');
  });

  it('shortens the longest cells of a page that is too large, and names them', async () => {
    const long = { prompt: 'short', completion: 'ä'.repeat(200_000) };
    await database.db.update(examples).set({ data: long }).where(eq(examples.id, 'ex_0100'));
    const page = await readViewerRows(database.db, version, { offset: 100, length: 100 });
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(205_000);
    expect(page.rows.filter((row) => row.truncated_cells.length > 0).map((row) => row.row_idx)).toEqual([100]);
    expect(page.rows[0]).toMatchObject({ row: { prompt: 'short' }, truncated_cells: ['completion'] });
    await database.db
      .update(examples)
      .set({ data: { prompt: textOf(100), completion: 'answer 100' } })
      .where(eq(examples.id, 'ex_0100'));
  });
});

describe('the export', () => {
  let made: VersionExport;
  const make = async () => (await exportVersion(deps(), { versionId: 'dv_1', workRoot: join(folder, 'work') }))!;
  const readParquet = async () => {
    const bytes = await deps().store.get(made.shards[0]!.key);
    expect(sha256(bytes)).toBe(`0x${made.shards[0]!.sha256}`);
    return parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer,
    });
  };

  it('is made once, and again to the same bytes', async () => {
    expect(await requestVersionExport(deps(), version)).toBeNull();
    expect(sent).toEqual(['export-version dv_1']);
    made = await make();
    expect(await requestVersionExport(deps(), version)).toEqual(made);
    expect((await make()).shards).toEqual(made.shards);
  });

  it('has in Parquet what the database has', async () => {
    const rows = await readParquet();
    expect(rows.map((row) => row.prompt)).toEqual(Array.from({ length: rowCount }, (_, i) => textOf(i)));
    expect(rows[4]).toEqual({
      ...{ prompt: textOf(4), completion: 'answer 4', row_id: 'ex_0004', contributor: people[1] },
      ...{ content_hash: sha256('4'), contributed_at: new Date('2026-01-01T04:00:00Z') },
    });
  });

  it('counts what the rows have', () => {
    const of = (name: string) => made.statistics.find((one) => one.column_name === name)!;
    const lengths = Array.from({ length: rowCount }, (_, i) => [...textOf(i)].length);
    const prompt = of('prompt');
    if (prompt.column_type !== 'string_text') throw new Error(prompt.column_type);
    const { min, max, mean, histogram } = prompt.column_statistics;
    expect([min, max]).toEqual([Math.min(...lengths), Math.max(...lengths)]);
    expect(mean).toBeCloseTo(lengths.reduce((sum, n) => sum + n, 0) / rowCount, 6);
    expect(histogram!.bin_edges).toHaveLength(histogram!.hist.length + 1);
    for (const [bin, count] of histogram!.hist.entries()) {
      const [from, to] = [histogram!.bin_edges[bin]!, histogram!.bin_edges[bin + 1]!];
      const isLast = bin === histogram!.hist.length - 1;
      expect(count).toBe(lengths.filter((n) => n >= from && (n < to || isLast)).length);
    }
    expect(of('contributor')).toMatchObject({
      column_type: 'string_label',
      column_statistics: { n_unique: 3, frequencies: { [people[0]!]: 84, [people[1]!]: 83, [people[2]!]: 83 } },
    });
    expect(of('contributed_at').column_type).toBe('datetime');
  });

  it('describes itself as Croissant, with the columns of the Parquet file', async () => {
    const croissant = await getCroissant(deps(), { dataset: 'dn_1' });
    const [row] = await readParquet();
    const [records] = croissant.recordSet as { field: { name: string; source: unknown }[] }[];
    expect(records!.field.map(({ name }) => name)).toEqual(Object.keys(row!));
    expect(records!.field[0]!.source).toEqual({ fileObject: { '@id': '0000.parquet' }, extract: { column: 'prompt' } });
    expect(croissant).toMatchObject({ conformsTo: 'http://mlcommons.org/croissant/1.1', version: '1.0.0' });
  });

  it('is a harmless CSV', async () => {
    const pieces: Uint8Array[] = [];
    for await (const piece of versionCsv(database.db, version)) pieces.push(piece);
    const [header, ...rows] = Papa.parse<string[]>(Buffer.concat(pieces).toString().trimEnd()).data;
    expect(header).toEqual(version.columns.map(({ name }) => name));
    expect(rows.map(([prompt]) => prompt)).toEqual(
      Array.from({ length: rowCount }, (_, i) => (i === 0 ? `'${textOf(i)}` : textOf(i))),
    );
  });

  it('loses the text of a withdrawn row everywhere, and is made again for that', async () => {
    now = new Date('2026-04-01T00:00:00Z');
    await database.db.update(examples).set({ status: 'withdrawn', withdrawnAt: now }).where(eq(examples.id, 'ex_0007'));
    expect(await filter(`"completion" = 'answer 7'`)).toEqual([]);
    expect(await filter(`"completion" IS NULL`)).toEqual([7]);
    expect(
      (await searchViewerRows(database.db, version, { query: 'answer 7', offset: 0, length: 100 })).rows,
    ).not.toContainEqual(expect.objectContaining({ row_idx: 7 }));
    expect(await requestVersionExport(deps(), version)).toBeNull();
    now = new Date('2026-04-01T00:00:01Z');
    made = await make();
    expect((await readParquet())[7]).toMatchObject({ prompt: null, completion: null, row_id: 'ex_0007' });
    expect(await requestVersionExport(deps(), version)).toEqual(made);
  });
});
