import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { setDatanetRole } from '#lib/datanets/set-datanet-role.ts';
import { roleShares } from '#lib/kernel/role-shares.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { findFormerTexts } from './find-former-texts.ts';
import { findReplacement } from './find-replacement.ts';
import { findRoles } from './find-roles.ts';
import { getExample } from './get-example.ts';
import { improveExample } from './improve-example.ts';
import { reviewExamples } from './review-examples.ts';
import { reviewQueue } from './review-queue.ts';
import { improveExampleSchema } from './schema.ts';
import { submitContribution } from './submit-contribution.ts';
import type { ImprovementRole, RowData } from './types.ts';
import { withdrawExample } from './withdraw-example.ts';

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const actor = (n: number): Actor => ({ kind: 'account', address: account(n) });
const [owner, curator, author, improver] = [1, 2, 3, 4].map(actor) as [Actor, Actor, Actor, Actor];

let database: TestDatabase;
let seconds = 0;
let datanets = 0;
let keys = 0;
const key = () => `key-${String(keys++).padStart(6, '0')}`;
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

const answer = 'The old bridge over the river was opend in the spring of 1897 by the mayor of the town himself.';
const clean = answer.replace('opend', 'opened');

async function newDatanet(): Promise<string> {
  const { id } = await createDatanet(deps(), owner, {
    slug: `net-${++datanets}`,
    title: 'Net of improvements',
    domain: 'law',
    language: 'en',
    summary: 'A Datanet for tests.',
    description: 'Rows come and go in here.',
    rubric: ['True.'],
    fields: [
      { name: 'prompt', label: 'Question', maxChars: 100 },
      { name: 'completion', label: 'Answer', maxChars: 300 },
    ],
    license: 'CC-BY-4.0',
  });
  await setDatanetRole(deps(), owner, { datanetId: id, address: account(2), role: 'curator', granted: true });
  return id;
}

const question = (i: number) => `When was the ${i}th bridge opened?`;
/** `count` accepted rows of `author`. */
async function accepted(datanetId: string, count = 1, who = author, completion = answer): Promise<string[]> {
  const rows = Array.from({ length: count }, (_, i) => ({ line: i + 1, data: { prompt: question(i), completion } }));
  await submitContribution(deps(), who, { datanetId, source: 'f', idempotencyKey: key(), rows });
  const ids = (await reviewQueue(deps(), visitor, { datanetId, limit: 100 })).items.map(({ id }) => id);
  await reviewExamples(deps(), curator, { datanetId, exampleIds: ids, decision: 'accept' });
  return ids;
}

type Proposal = { role?: ImprovementRole; data?: RowData; who?: Actor; idempotencyKey?: string };
async function propose(exampleId: string, { role = 'clean', data, who = improver, idempotencyKey }: Proposal = {}) {
  const text = data ?? { prompt: question(0), completion: clean };
  const input = { exampleId, role, data: text, note: 'A typing error.', idempotencyKey: idempotencyKey ?? key() };
  return improveExample(deps(), who, improveExampleSchema.parse(input));
}
const decide = (datanetId: string, exampleIds: string[], who = owner, decision: 'accept' | 'reject' = 'accept') =>
  reviewExamples(deps(), who, { datanetId, exampleIds, decision, reason: 'Because.' });
const codeOf = (promise: Promise<unknown>) => promise.then(() => 'done').catch((error) => error.code as string);
const statusOf = async (id: string) =>
  (await database.pool.query('select status from examples where id = $1', [id])).rows[0].status as string;
describe('improveExample', () => {
  it('proposes a row that waits, and that replaces its parent when a curator accepts it', async () => {
    const datanetId = await newDatanet();
    const [parent] = (await accepted(datanetId)) as [string];
    const { exampleId } = await propose(parent);
    expect([await statusOf(parent), await statusOf(exampleId)]).toEqual(['accepted', 'pending']);
    expect(await findReplacement(database.db, parent)).toBeNull();
    expect((await decide(datanetId, [exampleId])).decided).toEqual([exampleId]);
    expect([await statusOf(parent), await statusOf(exampleId)]).toEqual(['superseded', 'accepted']);
    expect(await findReplacement(database.db, parent)).toBe(exampleId);
    expect((await findRoles(database.db, [exampleId, parent, 'ex_none'])).get(exampleId)).toEqual([
      { role: 'collect', account: account(3) },
      { role: 'review', account: account(2) },
      { role: 'clean', account: account(4) },
      { role: 'review', account: account(1) },
    ]);
    await expect(propose(parent)).rejects.toThrow(`This row was replaced by ${exampleId}. Improve that one.`);
  });

  it('leaves a rejected improvement without effect and without a share', async () => {
    const datanetId = await newDatanet();
    const [parent] = (await accepted(datanetId)) as [string];
    const { exampleId } = await propose(parent);
    await decide(datanetId, [exampleId], owner, 'reject');
    expect(await statusOf(parent)).toBe('accepted');
    const roles = await findRoles(database.db, [parent, exampleId]);
    expect(roles.get(parent)!.map(({ role }) => role)).toEqual(['collect', 'review']);
    // Who rejected a row has no part in it.
    expect(roles.get(exampleId)!.map(({ role }) => role)).toEqual(['collect', 'review', 'clean']);
  });

  it('sets a translation beside its original, and pays both', async () => {
    const datanetId = await newDatanet();
    const [parent] = (await accepted(datanetId)) as [string];
    const data = { prompt: 'Wann wurde die Brücke eröffnet?', completion: 'Im Frühjahr 1897.' };
    const { exampleId } = await propose(parent, { role: 'translate', data });
    await decide(datanetId, [exampleId]);
    expect([await statusOf(parent), await statusOf(exampleId)]).toEqual(['accepted', 'accepted']);
    const shares = roleShares(1_000_000, (await findRoles(database.db, [exampleId])).get(exampleId)!);
    const ofAuthor = shares.find(({ account: who }) => who === account(3))!;
    const ofTranslator = shares.find(({ account: who }) => who === account(4))!;
    expect(Math.abs(ofAuthor.sharePpm - ofTranslator.sharePpm)).toBeLessThanOrEqual(1); // the odd ppm
  });

  it('refuses what is no improvement', async () => {
    const datanetId = await newDatanet();
    const [parent] = (await accepted(datanetId)) as [string];
    const same = { prompt: question(0), completion: ` ${answer}  ` };
    const otherQuestion = { prompt: 'Who?', completion: 'In 1898.' };
    expect(await codeOf(propose(parent, { data: same }))).toBe('improvement_mismatch');
    expect(await codeOf(propose(parent, { role: 'label', data: otherQuestion }))).toBe('improvement_mismatch');
    expect(await codeOf(propose(parent, { data: { prompt: question(0), completion: '' } }))).toBe('no_new_rows');
    expect(await codeOf(propose(parent, { who: { kind: 'visitor' } }))).toBe('not_signed_in');
    expect(await codeOf(propose('ex_none'))).toBe('example_not_found');
    const idempotencyKey = key();
    const first = await propose(parent, { idempotencyKey });
    expect(await propose(parent, { idempotencyKey })).toEqual({ ...first, repeated: true });
    const other = { prompt: question(0), completion: `${clean} Twice.` };
    expect(await codeOf(propose(parent, { idempotencyKey, data: other }))).toBe('idempotency_key_reused');
    expect(await codeOf(propose(parent))).toBe('no_new_rows'); // the same words wait already
    await withdrawExample(deps(), author, { exampleId: parent });
    expect(await codeOf(propose(parent, { data: other }))).toBe('example_not_improvable');
  });
});

describe('the page of a row', () => {
  it('tells its life on both sides, and everybody’s part', async () => {
    const datanetId = await newDatanet();
    const [parent] = (await accepted(datanetId)) as [string];
    const { exampleId } = await propose(parent);
    const [waiting] = (await reviewQueue(deps(), curator, { datanetId })).items;
    expect(waiting!.improves).toEqual({
      ...{ exampleId: parent, role: 'clean', note: 'A typing error.' },
      before: { prompt: question(0), completion: answer },
    });
    await decide(datanetId, [exampleId]);
    const [older, newer] = [await getExample(deps(), visitor, parent), await getExample(deps(), visitor, exampleId)];
    expect(older).toMatchObject({ status: 'superseded', replacedBy: exampleId, improvements: [{ exampleId }] });
    expect(older.history.map(({ kind }) => kind)).toEqual(['contributed', 'accepted', 'replaced']);
    expect(newer.history).toMatchObject([{ kind: 'proposed', parentId: parent, by: account(4) }, { kind: 'accepted' }]);
    expect(newer.lineage.map(({ account: who, sharePpm }) => [who, sharePpm])).toEqual([
      [account(3), 760_000],
      [account(2), 20_000],
      [account(4), 200_000],
      [account(1), 20_000],
    ]);
    await withdrawExample(deps(), improver, { exampleId });
    const again = await getExample(deps(), visitor, parent);
    expect(again).toMatchObject({ status: 'accepted', replacedBy: null });
    expect(again.history.map(({ kind }) => kind)).toEqual(['contributed', 'accepted', 'replaced', 'restored']);
  });
});

describe('findFormerTexts', () => {
  it('names what a row was, as far as its author has not taken it back', async () => {
    const datanetId = await newDatanet();
    const [parent] = (await accepted(datanetId)) as [string];
    const { exampleId } = await propose(parent);
    await decide(datanetId, [exampleId]);
    const data = { prompt: 'Wann?', completion: 'Im Frühjahr 1897.' };
    const translation = await propose(exampleId, { role: 'translate', data });
    const former = await findFormerTexts(database.db, [exampleId, parent, translation.exampleId]);
    expect([...former]).toEqual([[exampleId, [{ id: parent, data: { prompt: question(0), completion: answer } }]]]);
    await withdrawExample(deps(), author, { exampleId: parent });
    expect([...(await findFormerTexts(database.db, [exampleId]))]).toEqual([]);
    expect((await findRoles(database.db, [exampleId])).get(exampleId)).toHaveLength(4); // the people stay
  });
});

describe('deciding about improvements', () => {
  it('is not for the improver and not for the author of the row', async () => {
    const datanetId = await newDatanet();
    const [parent] = (await accepted(datanetId, 1, owner)) as [string];
    const { exampleId } = await propose(parent, { who: curator });
    expect((await decide(datanetId, [exampleId], curator)).skipped[0]!.reason).toContain('your own');
    expect((await decide(datanetId, [exampleId], owner, 'reject')).skipped[0]!.reason).toContain(
      'This changes a row of your own',
    );
  });

  it('replaces a row once, whatever comes at the same time', async () => {
    const datanetId = await newDatanet();
    const [parent] = (await accepted(datanetId)) as [string];
    const proposals = [clean, `${clean} Yes.`, `${clean} It was.`].map((completion) =>
      propose(parent, { data: { prompt: question(0), completion } }),
    );
    const ids = (await Promise.all(proposals)).map(({ exampleId }) => exampleId);
    const outcomes = await Promise.all([
      decide(datanetId, [ids[0]!, ids[1]!], owner),
      decide(datanetId, [ids[2]!], curator),
    ]);
    expect(outcomes.flatMap(({ decided }) => decided)).toHaveLength(1);
    for (const { reason } of outcomes.flatMap(({ skipped }) => skipped)) expect(reason).toContain('was replaced');
  });

  it('cannot be used to take somebody’s row away: what was replaced stands again', async () => {
    const datanetId = await newDatanet();
    const [parent] = (await accepted(datanetId)) as [string];
    const first = await propose(parent);
    await decide(datanetId, [first.exampleId]);
    const second = await propose(first.exampleId, { data: { prompt: question(0), completion: `${clean} Really.` } });
    await decide(datanetId, [second.exampleId]);
    await withdrawExample(deps(), improver, { exampleId: first.exampleId });
    expect(await statusOf(parent)).toBe('superseded'); // the second one still stands in its place
    await withdrawExample(deps(), improver, { exampleId: second.exampleId });
    expect(await statusOf(parent)).toBe('accepted');
  });
});
