import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contributions, examples } from '#db/schema/datanets.ts';
import { uploads } from '#db/schema/uploads.ts';
import { devnetActor } from '#db/seed/devnet-accounts.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { pieceBytes } from '../limits.ts';
import { dropAbandonedUploads, dropUpload } from './drop-upload.ts';
import { getUpload, listUploads, listWaitingUploads } from './get-upload.ts';
import { abandonedMs } from './limits.ts';
import { putPiece } from './put-piece.ts';
import { readUpload } from './read-upload.ts';
import { startUpload } from './start-upload.ts';

const [owner, author, other] = [1, 3, 4].map(devnetActor) as [Who, Who, Who];
type Who = ReturnType<typeof devnetActor>;

let database: TestDatabase;
let folder: string;
let datanetId: string;
let now = new Date('2026-01-01T00:00:00Z');
const sent: string[] = [];
const deps = () => ({
  db: database.db,
  store: fileObjectStore(folder),
  queue: { send: async (name: string, payload: object) => void sent.push(`${name} ${JSON.stringify(payload)}`) },
  now: () => now,
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'openledger-uploads-'));
  const field = (name: string) => ({ name, label: name, maxChars: 7_000 });
  const terms = { domain: 'law', language: 'en', license: 'CC0-1.0' as const, rubric: ['True.'] };
  const texts = {
    slug: 'uploads',
    title: 'Uploads',
    summary: 'For uploads.',
    description: 'Rows come in pieces here.',
  };
  const input = { ...terms, ...texts, fields: [field('prompt'), field('completion')] };
  datanetId = (await createDatanet(deps(), owner, input)).id;
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

let files = 0;
const start = (fileName: string, text: string | Uint8Array, key = `key-of-file-${++files}`) => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const input = { datanetId, fileName, sizeBytes: bytes.length, idempotencyKey: key, mapping: {} };
  return { bytes, upload: () => startUpload(deps(), author, input) };
};

/** Sends a file in pieces of `size` bytes and has nothing read yet. */
async function sendWhole(fileName: string, text: string | Uint8Array, size = 50_000): Promise<string> {
  const { bytes, upload } = start(fileName, text);
  const { id } = await upload();
  for (let offset = 0; offset < bytes.length; offset += size) {
    await putPiece(deps(), author, { id, offset, bytes: bytes.subarray(offset, offset + size) });
  }
  return id;
}

/** Some 6 kB of words that no other row has. */
const filler = (seed: number): string =>
  Array.from({ length: 1_000 }, (_, k) => ((seed + 1) * 7919 * (k + 11)).toString(26).replace(/\d/g, 'q'))
    .join(' ')
    .slice(0, 6_000);

const storedOf = (contributionId: string) =>
  database.db
    .select({ data: examples.data, status: examples.status, contributor: examples.contributor })
    .from(examples)
    .where(eq(examples.contributionId, contributionId))
    .orderBy(asc(examples.id));
const line = (prompt: string, completion = `Answer to ${prompt}`) => `${JSON.stringify({ prompt, completion })}\n`;

describe('an upload in pieces', () => {
  it('goes on where it was, takes a piece twice as once, and none out of its place', async () => {
    const { bytes, upload } = start('rows.jsonl', line('Grüße 雪').repeat(3), 'the-same-file');
    const { id } = await upload();
    const put = (offset: number, end: number, who = author) =>
      putPiece(deps(), who, { id, offset, bytes: bytes.subarray(offset, end) });
    expect((await put(0, 11)).receivedBytes).toBe(11); // in the middle of a letter
    await expect(put(20, 30)).rejects.toMatchObject({ code: 'upload_offset', facts: { offset: 11 } });
    await expect(put(11, 20, other)).rejects.toMatchObject({ code: 'upload_not_found' });
    expect((await put(0, 11)).receivedBytes).toBe(11);
    expect(await upload()).toMatchObject({ id, receivedBytes: 11, status: 'receiving' }); // after a closed tab
    const tooMuch = { id, offset: 11, bytes: new Uint8Array(bytes.length) };
    await expect(putPiece(deps(), author, tooMuch)).rejects.toMatchObject({ code: 'upload_piece' });
    const tooLong = { id, offset: 11, bytes: new Uint8Array(pieceBytes + 1) };
    await expect(putPiece(deps(), author, tooLong)).rejects.toMatchObject({ code: 'upload_piece' });
    expect((await put(11, bytes.length)).status).toBe('reading');
    expect(sent).toEqual([`read-upload {"uploadId":"${id}"}`]);
    await readUpload(deps(), id);
    expect(await getUpload(deps(), author, { id })).toMatchObject({
      ...{ status: 'done', counts: { new: 1, duplicate: 2, held: 0, invalid: 0 }, readBytes: bytes.length },
      faults: [{ line: 2, what: 'Duplicate of line 1 of this file.' }, { line: 3 }],
    });
    await expect(getUpload(deps(), other, { id })).rejects.toMatchObject({ code: 'upload_not_found' });
    expect(await deps().store.list(`uploads/${id}`)).toEqual([]);
  });

  it('stores each row once, however often the worker is killed, and names the line of each fault', async () => {
    const count = 120;
    const text = Array.from({ length: count }, (_, i) => {
      if (i === 10) return '{"prompt": "cut off\n';
      if (i === 80) return line('Write to ann@mailhost.com');
      return line(`Question ${i} of many`, `${filler(i)} answer ${i}`);
    }).join('');
    const id = await sendWhole('many.jsonl', text);
    let kills = 0;
    for (let round = 0; round < 20; round++) {
      const signal = AbortSignal.timeout(60_000);
      let blocks = 0;
      // Killed before its second block of each run.
      const dying = Object.assign(Object.create(signal) as AbortSignal, {
        throwIfAborted: () => {
          if (blocks++ === 1) throw new Error('killed');
        },
      });
      try {
        await readUpload(deps(), id, dying);
        break;
      } catch (error) {
        expect((error as Error).message).toBe('killed');
        kills += 1;
      }
    }
    expect(kills).toBeGreaterThan(1);
    const done = await getUpload(deps(), author, { id });
    expect(done).toMatchObject({
      ...{ status: 'done', counts: { new: count - 2, duplicate: 0, held: 1, invalid: 1 } },
      faults: [{ line: 11 }, { line: 81, what: expect.stringContaining('an e-mail address') }],
    });
    const stored = await storedOf(done.contributionId!);
    const wanted = Array.from({ length: count }, (_, i) => `Question ${i} of many`);
    expect(stored.map(({ data }) => data.prompt).sort()).toEqual(wanted.filter((_, i) => i !== 10 && i !== 80).sort());
    const [contribution] = await database.db
      .select()
      .from(contributions)
      .where(eq(contributions.id, done.contributionId!));
    expect(contribution).toMatchObject({ rowCount: count - 2, source: 'many.jsonl', contributor: author.address });
  });

  it('is read once when two workers have it', async () => {
    const id = await sendWhole(
      'twice.jsonl',
      Array.from({ length: 90 }, (_, i) => line(`Twice ${i}`, filler(1_000 + i))).join(''),
    );
    await Promise.all([readUpload(deps(), id), readUpload(deps(), id)]);
    const done = await getUpload(deps(), author, { id });
    expect(done).toMatchObject({ status: 'done', counts: { new: 90, duplicate: 0 } });
    expect(await storedOf(done.contributionId!)).toHaveLength(90);
  });

  it('reads CSV with its header, line ends inside quotes, and columns of other names', async () => {
    const rows = Array.from({ length: 90 }, (_, i) => `"CSV ${i}\nsecond line",${filler(i)},"says ""${i}"""\n`).join(
      '',
    );
    const id = await sendWhole('chat.csv', `question,other,answer\n${rows}ragged\n`);
    await readUpload(deps(), id);
    const done = await getUpload(deps(), author, { id });
    expect(done).toMatchObject({
      ...{ status: 'done', counts: { new: 90, invalid: 1 } },
      faults: [{ line: 182, what: expect.stringContaining('The row has 1 cell and the header 3') }],
    });
    const stored = await storedOf(done.contributionId!);
    expect(stored.map(({ data }) => data)).toContainEqual({
      prompt: 'CSV 89\nsecond line',
      completion: 'says "89"',
    });
  });

  it.each([
    ['a byte that is no UTF-8', 'latin.jsonl', Buffer.from(line('Caf\u00e9'), 'latin1'), /not UTF-8/],
    ['a quote that nobody closes', 'open.csv', 'prompt,completion\na,"b\nc,d\n', /never closed/],
    ['no row that is new and valid', 'none.jsonl', line('', 'x').repeat(4), /nothing was stored/],
  ])('fails with words for %s, and leaves no empty contribution', async (_, name, text, words) => {
    const before = await database.db.$count(contributions);
    const id = await sendWhole(name, text);
    await readUpload(deps(), id);
    const failed = await getUpload(deps(), author, { id });
    expect(failed).toMatchObject({ status: 'failed', failure: expect.stringMatching(words), contributionId: null });
    expect(await database.db.$count(contributions)).toBe(before);
  });

  it('is dropped by its sender or after a week, and can then begin anew', async () => {
    const { bytes, upload } = start('later.jsonl', line('Later'), 'a-file-for-later');
    const { id } = await upload();
    await putPiece(deps(), author, { id, offset: 0, bytes: bytes.subarray(0, 5) });
    await expect(dropUpload(deps(), other, { id })).rejects.toMatchObject({ code: 'upload_not_found' });
    await dropUpload(deps(), author, { id });
    expect(await deps().store.list(`uploads/${id}`)).toEqual([]);
    await expect(dropUpload(deps(), author, { id })).rejects.toMatchObject({ code: 'upload_closed' });
    const again = await upload();
    expect(again).toMatchObject({ status: 'receiving', receivedBytes: 0 });
    expect(again.id).not.toBe(id);
    now = new Date(now.getTime() + abandonedMs + 1);
    expect(await dropAbandonedUploads(deps())).toBe(1);
    expect((await getUpload(deps(), author, again)).status).toBe('dropped');
  });

  it('waits three at a time; those that a killed worker left are found', async () => {
    for (let i = 0; i < 3; i++) await start('open.jsonl', line(`Open ${i}`)).upload();
    await expect(start('open.jsonl', line('One more')).upload()).rejects.toMatchObject({ code: 'too_many_uploads' });
    expect(await listUploads(deps(), { datanetId, contributor: author.address })).toHaveLength(3);
    const [first] = await listUploads(deps(), { datanetId, contributor: author.address });
    await database.db.update(uploads).set({ status: 'reading' }).where(eq(uploads.id, first!.id));
    expect(await listWaitingUploads(deps())).toEqual([]);
    now = new Date(now.getTime() + 60_000);
    expect(await listWaitingUploads(deps())).toEqual([first!.id]);
  });
});
