import { afterAll, beforeAll, expect, it } from 'vitest';
import { contributions, examples } from '#db/schema/datanets.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { setDatanetRole } from '#lib/datanets/set-datanet-role.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { sha256 } from '#lib/platform/storage/content-address.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { listModerations, listThreads } from './list-threads.ts';
import { moderateComment } from './moderate-comment.ts';
import { postComment } from './post-comment.ts';
import { reportComment } from './report-comment.ts';
import { postCommentSchema } from './schema.ts';
import { takeBackComment } from './take-back-comment.ts';

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const actor = (n: number): Actor => ({ kind: 'account', address: account(n) });
const [owner, curator, reader, other] = [1, 2, 3, 4].map(actor) as [Actor, Actor, Actor, Actor];
let database: TestDatabase;
let datanetId = '';
let ticks = 0;
const deps = () => ({
  db: database.db,
  now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, ++ticks)),
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});

beforeAll(async () => {
  database = await createTestDatabase();
  const fields = ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 100 }));
  const terms = {
    slug: 'talked-about',
    title: 'Talked about',
    domain: 'law',
    language: 'en',
    rubric: ['True.'],
    fields,
  };
  const texts = { summary: 'A Datanet for tests.', description: 'People talk about it.', license: 'CC0-1.0' as const };
  datanetId = (await createDatanet(deps(), owner, { ...terms, ...texts })).id;
  await setDatanetRole(deps(), owner, { datanetId, address: account(2), role: 'curator', granted: true });
  const place = { datanetId, contributor: account(5), createdAt: new Date() };
  await database.db
    .insert(contributions)
    .values({ ...place, id: 'ctr_1', source: 'form', idempotencyKey: 'k', rowCount: 1 });
  await database.db
    .insert(examples)
    .values({ ...place, id: 'ex_1', contributionId: 'ctr_1', data: {}, contentHash: sha256('1'), status: 'accepted' });
});
afterAll(() => database.close());

const say = async (who: Actor, text: string, place: { exampleId?: string; replyTo?: string; key?: string } = {}) => {
  const { key = crypto.randomUUID(), ...rest } = place;
  const input = postCommentSchema.parse({ datanetId, text, idempotencyKey: key, ...rest });
  return (await postComment(deps(), who, input)).commentId;
};
const threads = async (asCurator = false, place: { exampleId?: string; after?: string; limit?: number } = {}) =>
  listThreads(database.db, { datanetId, ...place }, asCurator);

it('keeps threads of a Datanet and of its rows apart, and answers under what they answer', async () => {
  const first = await say(reader, 'What about statutes?');
  const row = await say(reader, 'The year is wrong.', { exampleId: 'ex_1' });
  const answer = await say(owner, 'They belong in.', { replyTo: first });
  const deeper = await say(reader, 'Thank you.', { replyTo: answer }); // joins the thread
  const key = crypto.randomUUID();
  expect(await say(other, 'Once.', { key })).toBe(await say(other, 'Once.', { key }));

  const { items } = await threads();
  expect(items.map(({ text, replies }) => [text, replies.map(({ id }) => id)])).toEqual([
    ['What about statutes?', [answer, deeper]],
    ['Once.', []],
  ]);
  expect((await threads(false, { exampleId: 'ex_1' })).items.map(({ id }) => id)).toEqual([row]);
  const page = await threads(false, { limit: 1 });
  expect((await threads(false, { limit: 1, after: page.nextCursor! })).items.map(({ text }) => text)).toEqual([
    'Once.',
  ]);
  await expect(say(reader, 'x', { exampleId: 'ex_none' })).rejects.toMatchObject({ code: 'example_not_found' });
  await expect(say(reader, 'x', { replyTo: row })).rejects.toMatchObject({ code: 'comment_not_found' });
  await expect(say({ kind: 'visitor' }, 'x')).rejects.toMatchObject({ code: 'not_signed_in' });
  await expect(say(reader, 'in\u200bvisible')).rejects.toThrow('invisible');
});

it('hides and restores in public, by curators alone', async () => {
  const id = await say(other, 'Buy my coin.');
  await reportComment(deps(), reader, { commentId: id, reason: 'spam' });
  await reportComment(deps(), reader, { commentId: id, reason: 'spam again' }); // once each
  const moderate = (who: Actor, hides: boolean, reason = 'advertising') =>
    moderateComment(deps(), who, { commentId: id, hides, reason });
  await expect(moderate(other, true)).rejects.toMatchObject({ code: 'datanet_forbidden' });
  expect(await moderate(curator, true)).toEqual({ changed: true });
  expect(await moderate(owner, true)).toEqual({ changed: false });
  const find = async (asCurator: boolean) => (await threads(asCurator)).items.find((one) => one.id === id);
  expect(await find(false)).toMatchObject({
    ...{ text: null, state: 'hidden', hiddenBy: account(2), hiddenReason: 'advertising', reports: [] },
  });
  expect(await find(true)).toMatchObject({ text: 'Buy my coin.', reports: [{ by: account(3), reason: 'spam' }] });
  await moderate(owner, false, 'a joke');
  expect(await find(false)).toMatchObject({ text: 'Buy my coin.', state: 'shown' });
  const log = await listModerations(database.db, datanetId);
  expect(log.map(({ hides, by, reason }) => [hides, by, reason])).toEqual([
    [false, account(1), 'a joke'],
    [true, account(2), 'advertising'],
  ]);
});

it('forgets a text that its author takes back, for curators too', async () => {
  const id = await say(other, 'My phone number is 555.');
  await expect(takeBackComment(deps(), reader, { commentId: id })).rejects.toMatchObject({ code: 'comment_not_yours' });
  await takeBackComment(deps(), other, { commentId: id });
  for (const asCurator of [false, true]) {
    const found = (await threads(asCurator)).items.find((one) => one.id === id);
    expect(found).toMatchObject({ text: null, state: 'taken-back' });
  }
});
