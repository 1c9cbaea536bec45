import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { examples } from '#db/schema/datanets.ts';
import { goldRows, reviewRoundRows } from '#db/schema/guard.ts';
import { devnetActor } from '#db/seed/devnet-accounts.ts';
import { findNearDuplicates } from '#lib/contributions/find-near-examples.ts';
import { getContribution } from '#lib/contributions/get-contribution.ts';
import { getExample } from '#lib/contributions/get-example.ts';
import { improveExample } from '#lib/contributions/improve-example.ts';
import { listExamples } from '#lib/contributions/list-examples.ts';
import { contentHashOf } from '#lib/contributions/parse/canonical-text.ts';
import { previewContribution } from '#lib/contributions/preview-contribution.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { reviewQueue } from '#lib/contributions/review-queue.ts';
import { listExamplesSchema } from '#lib/contributions/schema.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import type { RowData } from '#lib/contributions/types.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { setDatanetRole } from '#lib/datanets/set-datanet-role.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { addGoldRow } from './add-gold-row.ts';
import { appealRejection } from './appeal-rejection.ts';
import { openRound } from './open-round.ts';
import { findRoundPlaces, listAppeals } from './queries.ts';

const [owner, curator, author] = [1, 2, 3].map(devnetActor) as [Who, Who, Who];
const validators = [4, 5, 6].map(devnetActor);
type Who = ReturnType<typeof devnetActor>;
const cheater = validators[0]!;
const about = (subject: string, detail: string): RowData => ({
  prompt: `What does the handbook say about ${subject}?`,
  completion: `About ${subject} it says in plain words that ${detail}. Nobody else decides about that, whoever asks for it, and no later page takes any of it back, as the preface explains to those who begin to work there.`,
});
const [open, first, second, third] = [
  about('parcels', 'a carrier brings them until noon'),
  about('refunds', 'the head of a team signs them'),
  about('ladders', 'two people hold them on gravel'),
  about('invoices', 'a clerk files them by the month'),
] as [RowData, RowData, RowData, RowData];
const gold = [about('lockers', 'a guard opens them at night'), about('cranes', 'anybody may climb on them barefoot')];
let database: TestDatabase;
let datanetId: string;
let acceptedId: string;
let contributionId: string;
let clock = Date.UTC(2026, 0, 1);
let keys = 0;
let places: { text: RowData; isGold: boolean }[];
const deps = () => ({
  db: database.db,
  now: () => {
    clock += 1000;
    return new Date(clock);
  },
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});
const send = (who: Actor, ...rows: RowData[]) =>
  submitContribution(deps(), who, {
    ...{ datanetId, source: 'form', idempotencyKey: `gold-test-${++keys}` },
    rows: rows.map((data, i) => ({ line: i + 1, data })),
  });
const list = (who: Actor, input: object) =>
  listExamples(deps(), who, datanetId, listExamplesSchema.parse({ status: 'pending', ...input }));
const told = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    (value) => JSON.stringify(value, (key, part) => (typeof part === 'bigint' || key === 'contentHash' ? '' : part)),
    (error) => `${error.code} ${error.message}`,
  );
const waitingIds = async () =>
  (await database.db.select().from(examples).where(eq(examples.datanetId, datanetId)))
    .filter(({ status, contributor }) => status !== 'accepted' && contributor === author.address)
    .map(({ id }) => id);

beforeAll(async () => {
  database = await createTestDatabase();
  const field = (name: string) => ({ name, label: name, maxChars: 400 });
  datanetId = (
    await createDatanet(deps(), owner, {
      ...{ slug: 'gold', title: 'Handbooks', domain: 'support', language: 'en', license: 'CC-BY-4.0' },
      ...{ summary: 'A Datanet for tests.', description: 'Rows and gold rows.', rubric: ['True.'] },
      fields: [field('prompt'), field('completion')],
    })
  ).id;
  const appoint = (address: string, role: 'curator' | 'validator') =>
    setDatanetRole(deps(), owner, { datanetId, address: address as `0x${string}`, role, granted: true });
  await appoint(curator.address, 'curator');
  for (const { address } of [...validators, curator]) await appoint(address, 'validator');
  await send(author, open);
  const [row] = await database.db.select().from(examples);
  acceptedId = row!.id;
  await reviewExamples(deps(), curator, { datanetId, exampleIds: [acceptedId], decision: 'accept' });
  ({ contributionId } = await send(author, first, second, third));
  for (const [i, data] of gold.entries())
    await addGoldRow(deps(), owner, { datanetId, data, verdict: i ? 'reject' : 'accept', why: 'Known to us.' });
  const exampleIds = await waitingIds();
  const { roundId } = await openRound(deps(), owner, { datanetId, exampleIds, seats: 3, quorum: 2, hours: 24 });
  const dealt = (await findRoundPlaces(database.db, roundId, cheater.address))!;
  places = dealt.map(({ data }) => ({ text: data, isGold: gold.some(({ prompt }) => prompt === data.prompt) }));
});
afterAll(() => database.close());

describe('a validator who looks everywhere for the rows of a round', () => {
  const words = ({ prompt }: RowData) => prompt!.split(' ').at(-1)!.replace('?', '');
  const length = ({ prompt }: RowData) => `prompt:${prompt!.length}-${prompt!.length}`;
  const nearly = (text: RowData) => ({ ...text, completion: text.completion!.replace('explains', 'says') });
  const halves = ({ prompt }: RowData) => ({ prompt: prompt!, completion: open.completion! });
  const probes: [string, (who: Who, text: RowData) => Promise<unknown>][] = [
    ['a search for its words', (who, text) => list(who, { q: words(text) })],
    ['a search among the refused', (who, text) => list(who, { q: words(text), status: 'rejected' })],
    ['a filter by its length', async (who, text) => (await list(who, { length: length(text) })).items.length > 0],
    [
      'the hash before sending',
      (who, text) => previewContribution(deps(), who, { datanetId, contentHashes: [contentHashOf(text)] }),
    ],
    ['sending the same words', (who, text) => send(who, text)],
    ['sending them in disguise', (who, text) => send(who, { ...text, prompt: text.prompt!.toUpperCase() })],
    ['sending almost the same', async (who, text) => (await send(who, nearly(text))).verdicts],
    ['its question under another answer', async (who, text) => (await send(who, halves(text))).verdicts],
    [
      'a better version with the same words',
      (who, text) =>
        improveExample(deps(), who, {
          ...{ exampleId: acceptedId, role: 'clean', note: 'better words', idempotencyKey: `improve-${++keys}` },
          data: { ...text },
        }),
    ],
  ];

  it('reads no text and no hash of theirs on any page', async () => {
    const ids = await waitingIds();
    for (const who of [cheater, { kind: 'visitor' as const }]) {
      const pages = await Promise.all([
        list(who, {}),
        list(who, { contributor: author.address }),
        reviewQueue(deps(), who, { datanetId }),
        getContribution(deps(), who, contributionId),
        ...ids.map((id) => getExample(deps(), who, id)),
      ]);
      const seen = JSON.stringify(pages, (_, part) => (typeof part === 'bigint' ? '' : part));
      for (const id of ids) expect(seen).toContain(id);
      for (const text of [first, second, third]) {
        expect(seen).not.toContain(words(text));
        expect(seen).not.toContain(contentHashOf(text));
      }
    }
    expect((await getContribution(deps(), author, contributionId)).rows.map(({ data }) => data)).toContainEqual(first);
    expect((await list(curator, { q: words(first) })).items.map(({ data }) => data)).toContainEqual(first);
  });

  it.each(probes)('learns nothing by %s', async (_, probe) => {
    const answers = new Map<string, boolean[]>();
    for (const { text, isGold } of places) {
      const answer = (await told(probe(cheater, text))).replace(/\d+ %/g, 'so much');
      answers.set(answer, [...(answers.get(answer) ?? []), isGold]);
    }
    expect([...answers.keys()]).toHaveLength(1);
    expect([...answers.values()][0]!.filter(Boolean)).toHaveLength(2);
  });

  it('does not find them beside a copy of their own', async () => {
    const own = await database.db.select().from(examples).where(eq(examples.contributor, cheater.address));
    expect(own.length).toBeGreaterThanOrEqual(5);
    const beside = await Promise.all(
      own.map(({ id }) => findNearDuplicates(database.db, { exampleId: id, decides: false })),
    );
    expect(beside.flat().filter(({ exampleId }) => exampleId !== acceptedId)).toEqual([]);
    const decided = await Promise.all(
      own.map(({ id }) => findNearDuplicates(database.db, { exampleId: id, decides: true })),
    );
    expect(decided.flat().length).toBeGreaterThan(beside.flat().length);
  });

  it('gets no seat with a curator’s eyes, no gold row twice, and none that stands in the Datanet', async () => {
    const seats = await database.db.select().from(reviewRoundRows);
    expect(seats).toHaveLength(5);
    const waits = (await list(owner, { contributor: cheater.address })).items.map(({ id }) => id);
    const again = openRound(deps(), owner, {
      datanetId,
      exampleIds: waits.slice(0, 1),
      seats: 2,
      quorum: 2,
      hours: 24,
    });
    expect(await told(again)).toMatch(/round_not_possible .*have not seen/);
    // Besides the author of this row two validators are left; the third is a curator.
    const three = openRound(deps(), owner, {
      datanetId,
      exampleIds: waits.slice(0, 1),
      seats: 3,
      quorum: 2,
      hours: 24,
    });
    expect(await told(three)).toMatch(/round_not_possible 3 validators are needed/);
    for (const data of [open, first, nearly(gold[0]!)])
      expect(await told(addGoldRow(deps(), owner, { datanetId, data, verdict: 'accept', why: 'copied' }))).toMatch(
        /round_not_possible .*says the same/,
      );
    expect(await database.db.select().from(goldRows)).toHaveLength(2);
  });

  it('is not told by an open appeal which words are its subject', async () => {
    const [id] = await waitingIds();
    await database.db.update(examples).set({ status: 'rejected', reason: 'wrong number' }).where(eq(examples.id, id!));
    await appealRejection(deps(), author, { exampleId: id!, reason: 'The handbook does say so.' });
    const reasons = async (who: Who, decides: boolean) =>
      (await listAppeals(database.db, datanetId, { address: who.address, decides })).map(({ reason }) => reason);
    expect(await reasons(cheater, false)).toEqual([null]);
    expect(await reasons(author, false)).toEqual(['The handbook does say so.']);
    expect(await reasons(curator, true)).toEqual(['The handbook does say so.']);
    expect(JSON.stringify((await getExample(deps(), cheater, id!)).history)).not.toMatch(/handbook|number/);
  });
});
