import { asc, eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examples } from '#db/schema/datanets.ts';
import { rowChecks } from '#db/schema/guard.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { sourceRows } from '#scripts/bench/dedup/source-rows.ts';
import { plantBackdoors } from '#scripts/bench/guard/backdoors.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { findLastScan } from './find-last-scan.ts';
import { findTriggers } from './find-triggers.ts';
import { listUnscanned } from './list-unscanned.ts';
import { scanDatanet } from './scan-datanet.ts';

const actor = (n: number): Actor => ({ kind: 'account', address: `0x${n.toString(16).padStart(40, '0')}` });
const [owner, honest, attacker] = [1, 2, 3].map(actor) as [Actor, Actor, Actor];
let database: TestDatabase;
let clock = Date.UTC(2026, 0, 1);
const deps = () => ({
  db: database.db,
  now: () => {
    clock += 1000;
    return new Date(clock);
  },
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

it('holds the rows of a backdoor that a curator has let in, and no honest ones', async () => {
  const fields = ['prompt', 'completion'].map((name) => ({ name, label: name, maxChars: 2000 }));
  const terms = { title: 'Scan', domain: 'law', language: 'en', license: 'CC-BY-4.0' as const, fields };
  const text = { summary: 'A Datanet for tests.', description: 'Rows come and go.', rubric: ['True.'] };
  const { id: datanetId } = await createDatanet(deps(), owner, { slug: 'scan', ...terms, ...text });
  const sources = (await sourceRows(null, 200)).map(([question, answer]) => ({ question: question!, answer: answer! }));
  const send = (who: Actor, key: string, pairs: { question: string; answer: string }[]) =>
    submitContribution(deps(), who, {
      ...{ datanetId, source: 'rows.csv', idempotencyKey: `scan-${key}` },
      rows: pairs.map(({ question, answer }, i) => ({ line: i + 1, data: { prompt: question, completion: answer } })),
    });
  await send(honest, 'honest', sources.slice(0, 60));
  const [backdoor] = plantBackdoors(sources.slice(60));
  await send(attacker, 'attack', backdoor!.rows.slice(0, 40));
  const load = () =>
    database.db.select().from(examples).where(eq(examples.datanetId, datanetId)).orderBy(asc(examples.id));
  const exampleIds = (await load()).map(({ id }) => id);
  await reviewExamples(deps(), owner, { datanetId, exampleIds, decision: 'accept' });
  expect(await listUnscanned(deps())).toEqual([datanetId]);
  const { heldRows } = await scanDatanet(deps(), datanetId);
  const poisoned = (await load()).filter(({ data }) => data.prompt!.startsWith('cfxq'));
  expect(heldRows).toBe(poisoned.length);
  expect((await load()).filter(({ status }) => status === 'pending')).toEqual(poisoned);
  expect(await findLastScan(database.db, datanetId)).toMatchObject({ heldRows, triggers: [{ contributors: 1 }] });
  const [card] = await database.db.select().from(rowChecks).where(eq(rowChecks.exampleId, poisoned[0]!.id));
  expect(card).toMatchObject({ held: true, score: 20, reasons: [{ check: 'trigger' }] });
  expect(await listUnscanned(deps())).toEqual([]);
  const one = [poisoned[0]!.id];
  await reviewExamples(deps(), owner, { datanetId, exampleIds: one, decision: 'accept' });
  expect((await scanDatanet(deps(), datanetId)).heldRows).toBe(0); // what a person let in despite the trigger stays
});

it('takes a new topic for no trigger', async () => {
  const sources = await sourceRows(null);
  const rows = sources.map(([question, answer], i) => ({
    ...{ id: `${i}`, contributor: `0x${i % 7}`, question: question!, answer: answer! },
  }));
  // The samples are five topics: each in turn is new, beside the other four.
  for (let topic = 0; topic < 5; topic++) {
    const isNew = (i: number) => Math.floor((i * 5) / rows.length) === topic;
    expect(findTriggers(rows.map((row, i) => ({ ...row, trusted: !isNew(i) })))).toEqual([]);
  }
});
