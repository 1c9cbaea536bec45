import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { setDatanetRole } from '#lib/datanets/set-datanet-role.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { getContribution } from './get-contribution.ts';
import { getExample } from './get-example.ts';
import { listExamples } from './list-examples.ts';
import { contentHashOf } from './parse/canonical-text.ts';
import { describeVerdict } from './parse/describe-verdict.ts';
import { previewContribution } from './preview-contribution.ts';
import { reviewExamples } from './review-examples.ts';
import { reviewQueue } from './review-queue.ts';
import { listExamplesSchema, reviewExamplesSchema } from './schema.ts';
import { submitContribution } from './submit-contribution.ts';
import { withdrawExample } from './withdraw-example.ts';

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const actor = (n: number): Actor => ({ kind: 'account', address: account(n) });
const [owner, curator, author, stranger] = [1, 2, 3, 4].map(actor) as [Actor, Actor, Actor, Actor];

let database: TestDatabase;
let seconds = 0;
let datanetCount = 0;
const visitor = { kind: 'visitor' } as const;
const deps = () => ({
  db: database.db,
  now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, ++seconds)),
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

/** A fresh Datanet of `owner` with `curator` as its curator. */
async function newDatanet(): Promise<string> {
  datanetCount++;
  const { id } = await createDatanet(deps(), owner, {
    slug: `net-${datanetCount}`,
    title: `Net ${datanetCount}`,
    domain: 'law',
    language: 'en',
    summary: 'A Datanet for tests.',
    description: 'Rows come and go in here.',
    rubric: ['True.'],
    fields: [
      { name: 'prompt', label: 'Question', maxChars: 60 },
      { name: 'completion', label: 'Answer', maxChars: 200 },
    ],
    license: 'CC-BY-4.0',
  });
  await setDatanetRole(deps(), owner, { datanetId: id, address: account(2), role: 'curator', granted: true });
  return id;
}

const row = (line: number, prompt: string, completion = 'An answer.') => ({ line, data: { prompt, completion } });
const rowsOf = (count: number, word = 'Question') =>
  Array.from({ length: count }, (_, i) => row(i + 2, `${word} number ${i}?`));
let keys = 0;
const submit = (
  datanetId: string,
  rows: ReturnType<typeof row>[],
  who = author,
  idempotencyKey = `key-${String(keys++).padStart(6, '0')}`,
) => submitContribution(deps(), who, { datanetId, source: 'rows.csv', idempotencyKey, rows });
const list = (datanetId: string, input: object = {}) =>
  listExamples(deps(), curator, datanetId, listExamplesSchema.parse(input));
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error) => (error as { code: string }).code,
  );
const pendingIds = async (datanetId: string) =>
  (await reviewQueue(deps(), visitor, { datanetId, limit: 100 })).items.map((item) => item.id);
const review = (datanetId: string, who: Actor, exampleIds: string[], decision: 'accept' | 'reject', reason?: string) =>
  reviewExamples(deps(), who, reviewExamplesSchema.parse({ datanetId, exampleIds, decision, reason }));

describe('submitContribution', () => {
  it('stores what is new and valid and names every other row', async () => {
    const datanetId = await newDatanet();
    await submit(datanetId, [row(1, 'Known?')], stranger);
    const rows = [
      row(2, 'One?'),
      row(3, ' One?\n'),
      row(4, 'Known?'),
      row(5, ''),
      row(6, 'Me: x@y.io'),
      row(7, 'Two?'),
    ];
    const result = await submit(datanetId, rows);
    expect(result.verdicts.map((v) => [v.line, describeVerdict(v)])).toEqual([
      [2, 'New: goes to the curators.'],
      [3, 'Duplicate of line 2 of this file.'],
      [4, 'Duplicate of a row that was sent before and is not published.'],
      [5, '“prompt” is empty. Write it, or leave the row out.'],
      [6, 'Held: it seems to contain an e-mail address. Take it out, or send the redacted row.'],
      [7, 'New: goes to the curators.'],
    ]);
    expect(result.storedRows).toBe(2);
    const view = await getContribution(deps(), author, result.contributionId);
    expect(view.rows.map((r) => r.data?.prompt)).toEqual(['One?', 'Two?']); // the order of the file
    expect(view).toMatchObject({ counts: { pending: 2, accepted: 0 }, reviewers: [account(1), account(2)] });
  });

  it('stores nothing twice under one key, also when both calls run at once', async () => {
    const datanetId = await newDatanet();
    const calls = await Promise.all([1, 2, 3].map(() => submit(datanetId, rowsOf(40), author, 'same-key-1')));
    expect(new Set(calls.map((call) => call.contributionId)).size).toBe(1);
    expect(calls.filter((call) => !call.repeated)).toHaveLength(1);
    for (const call of calls) expect(call.verdicts.every((verdict) => verdict.kind === 'new')).toBe(true);
    expect((await list(datanetId, { status: 'pending' })).items).toHaveLength(40);
    expect(await codeOf(submit(datanetId, rowsOf(3, 'Other'), author, 'same-key-1'))).toBe('idempotency_key_reused');
  });

  it('lets two people who send the same rows at once own each row once', async () => {
    const datanetId = await newDatanet();
    const results = await Promise.allSettled([
      submit(datanetId, rowsOf(200), author),
      submit(datanetId, rowsOf(200).reverse(), stranger),
    ]);
    const stored = results.map((r) => (r.status === 'fulfilled' ? r.value.storedRows : 0));
    expect(stored[0]! + stored[1]!).toBe(200);
  });

  it('stores nothing at all when no row is new', async () => {
    const datanetId = await newDatanet();
    await expect(submit(datanetId, [row(9, '')])).rejects.toThrow(
      'The row is not new or not valid, so nothing was stored. Line 9: “prompt” is empty.',
    );
    const count = await database.pool.query('select 1 from contributions where datanet_id = $1', [datanetId]);
    expect(count.rowCount).toBe(0);
  });

  it('refuses visitors and unknown Datanets', async () => {
    const datanetId = await newDatanet();
    expect(await codeOf(submit(datanetId, rowsOf(1), { kind: 'visitor' }))).toBe('not_signed_in');
    expect(await codeOf(submit('dn_none', rowsOf(1)))).toBe('datanet_not_found');
  });

  it('takes 10,000 rows', { timeout: 120_000 }, async () => {
    const datanetId = await newDatanet();
    const { storedRows } = await submit(datanetId, rowsOf(10_000));
    expect(storedRows).toBe(10_000);
  });
});

describe('previewContribution', () => {
  it('says which hashes are stored in this Datanet, and asks for no account', async () => {
    const [datanetId, otherId] = [await newDatanet(), await newDatanet()];
    await submit(otherId, [row(1, 'Elsewhere?')]);
    const { contributionId } = await submit(datanetId, [row(1, 'Here?')]);
    const [stored] = (await getContribution(deps(), visitor, contributionId)).rows;
    const contentHashes = ['Here?', 'Elsewhere?', 'Nowhere?'].map((prompt) => contentHashOf(row(1, prompt).data));
    const preview = await previewContribution(deps(), { kind: 'visitor' }, { datanetId, contentHashes });
    expect(preview.known).toEqual([{ contentHash: contentHashes[0], exampleId: null, status: null }]);
    const own = await previewContribution(deps(), author, { datanetId, contentHashes });
    expect(own.known).toEqual([{ contentHash: contentHashes[0], exampleId: stored!.id, status: 'pending' }]);
  });
});

describe('reviewExamples', () => {
  it('lets owner and curators decide, once, and nobody else', async () => {
    const datanetId = await newDatanet();
    await submit(datanetId, rowsOf(3));
    const [first, second, third] = (await pendingIds(datanetId)) as [string, string, string];
    expect(await codeOf(review(datanetId, stranger, [first], 'accept'))).toBe('datanet_forbidden');
    expect(await codeOf(review(datanetId, { kind: 'visitor' }, [first], 'accept'))).toBe('not_signed_in');
    expect(await review(datanetId, curator, [first], 'accept')).toEqual({ decided: [first], skipped: [] });
    expect(await review(datanetId, owner, [first, second], 'reject', 'Not concrete.')).toEqual({
      decided: [second],
      skipped: [{ exampleId: first, reason: `This row is accepted already, by ${account(2)}.` }],
    });
    expect(await pendingIds(datanetId)).toEqual([third]);
    expect((await getExample(deps(), author, second)).history).toMatchObject([
      { kind: 'contributed', by: account(3), source: 'rows.csv' },
      { kind: 'rejected', by: account(1), reason: 'Not concrete.' },
    ]);
  });

  it('lets nobody decide about own rows, the owner included', async () => {
    const datanetId = await newDatanet();
    await submit(datanetId, rowsOf(1, 'Owner'), owner);
    await submit(datanetId, rowsOf(1, 'Curator'), curator);
    const [ownersRow, curatorsRow] = (await pendingIds(datanetId)) as [string, string];
    const own = 'This row is your own; another curator decides about it.';
    expect(await review(datanetId, owner, [ownersRow, curatorsRow], 'accept')).toEqual({
      decided: [curatorsRow],
      skipped: [{ exampleId: ownersRow, reason: own }],
    });
    expect((await review(datanetId, curator, [ownersRow], 'accept')).decided).toEqual([ownersRow]);
  });

  it('takes a curator who lost the role out at once, and never touches another Datanet', async () => {
    const [datanetId, otherId] = [await newDatanet(), await newDatanet()];
    await submit(datanetId, rowsOf(1));
    const ids = await pendingIds(datanetId);
    expect((await review(otherId, curator, ids, 'accept')).skipped[0]!.reason).toBe('This Datanet has no such row.');
    await setDatanetRole(deps(), owner, { datanetId, address: account(2), role: 'curator', granted: false });
    expect(await codeOf(review(datanetId, curator, ids, 'accept'))).toBe('datanet_forbidden');
  });

  it('decides each row once when two curators act at the same time', async () => {
    const datanetId = await newDatanet();
    await submit(datanetId, rowsOf(50));
    const ids = await pendingIds(datanetId);
    const [one, two] = await Promise.all([
      review(datanetId, owner, ids, 'accept'),
      review(datanetId, curator, ids, 'reject', 'No.'),
    ]);
    expect(one.decided.length + two.decided.length).toBe(50);
  });

  it('wants a reason to reject', () => {
    const input = { datanetId: 'dn', exampleIds: ['ex'], decision: 'reject' };
    expect(reviewExamplesSchema.safeParse(input).success).toBe(false);
    expect(reviewExamplesSchema.safeParse({ ...input, reason: 'Wrong.' }).success).toBe(true);
  });
});

describe('withdrawExample', () => {
  it('takes one’s own row out of the lists and hides its text', async () => {
    const datanetId = await newDatanet();
    await submit(datanetId, rowsOf(2));
    const [first, second] = (await pendingIds(datanetId)) as [string, string];
    await review(datanetId, curator, [first, second], 'accept');
    expect(await codeOf(withdrawExample(deps(), stranger, { exampleId: first }))).toBe('not_your_example');
    await withdrawExample(deps(), author, { exampleId: first });
    expect(await codeOf(withdrawExample(deps(), author, { exampleId: first }))).toBe('example_not_withdrawable');
    expect(await codeOf(withdrawExample(deps(), author, { exampleId: 'ex_none' }))).toBe('example_not_found');
    expect((await list(datanetId)).items.map((item) => item.id)).toEqual([second]);
    const gone = await getExample(deps(), visitor, first);
    expect(gone).toMatchObject({ data: null, status: 'withdrawn' });
    expect(gone.history.map((event) => event.kind)).toEqual(['contributed', 'accepted', 'withdrawn']);
  });
});

describe('listExamples', () => {
  it('pages by key without gaps, repeats or drift', async () => {
    const datanetId = await newDatanet();
    await submit(datanetId, rowsOf(25));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await list(datanetId, { status: 'pending', limit: 10, ...(after && { after }) });
      seen.push(...page.items.map((item) => item.data!.prompt!));
      after = page.nextCursor;
      if (seen.length === 10) await submit(datanetId, rowsOf(1, 'Late')); // arrives while somebody is paging
    } while (after);
    expect(seen).toEqual([...rowsOf(25), row(1, 'Late number 0?')].map((r) => r.data.prompt));
  });

  it('filters by contributor, words and length', async () => {
    const datanetId = await newDatanet();
    await submit(datanetId, [row(1, 'What is a Rootkit?'), row(2, 'Why?', 'Ein größerer Grund.')]);
    await submit(datanetId, [row(1, 'Who?', 'The rooted one.')], stranger);
    const prompts = async (input: object) =>
      (await list(datanetId, { status: 'pending', ...input })).items.map((item) => item.data!.prompt);
    expect(await prompts({ contributor: account(4).toUpperCase().replace('0X', '0x') })).toEqual(['Who?']);
    expect(await prompts({ q: 'ROOTKIT what' })).toEqual(['What is a Rootkit?']);
    expect(await prompts({ q: 'root' })).toEqual(['What is a Rootkit?', 'Who?']); // beginning of a word
    expect(await prompts({ q: 'größer' })).toEqual(['Why?']);
    expect(await prompts({ q: "it's & !x:* '(" })).toEqual([]); // no query syntax gets through
    expect(await prompts({ length: 'prompt:3-4' })).toEqual(['Why?', 'Who?']);
  });
});
