import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examples } from '#db/schema/datanets.ts';
import { appeals } from '#db/schema/guard.ts';
import { getExample } from '#lib/contributions/get-example.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { setDatanetRole } from '#lib/datanets/set-datanet-role.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { addGoldRow } from './add-gold-row.ts';
import { appealRejection } from './appeal-rejection.ts';
import { commitVerdicts } from './commit-verdicts.ts';
import { listWaiting } from './list-waiting.ts';
import { openRound } from './open-round.ts';
import { findRoundPlaces, listAppeals, listRounds, listValidators, listVetoes } from './queries.ts';
import { revealVerdicts } from './reveal-verdicts.ts';
import { commitmentOf } from './rules.ts';
import { settleRounds } from './settle-rounds.ts';
import { vetoOutcome } from './veto-outcome.ts';

const account = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;
const actor = (n: number): Actor => ({ kind: 'account', address: account(n) });
const [owner, author] = [actor(1), actor(2)];
const validators = [11, 12, 13, 14, 15, 16];
const salt = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as const;
let database: TestDatabase;
let datanetId: string;
let clock = Date.UTC(2026, 0, 1);
const deps = () => ({
  db: database.db,
  now: () => {
    clock += 1000;
    return new Date(clock);
  },
  randomBytes: (size: number) => crypto.getRandomValues(new Uint8Array(size)),
});
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error) => (error as { code: string }).code,
  );

beforeAll(async () => {
  database = await createTestDatabase();
  const fields = [
    { name: 'prompt', label: 'Question', maxChars: 200 },
    { name: 'completion', label: 'Answer', maxChars: 400 },
  ];
  const terms = { title: 'Rounds', domain: 'law', language: 'en', license: 'CC-BY-4.0' as const, fields };
  const text = { summary: 'A Datanet for tests.', description: 'Rows come and go.', rubric: ['True.'] };
  datanetId = (await createDatanet(deps(), owner, { slug: 'rounds', ...terms, ...text })).id;
  for (const n of validators) {
    await setDatanetRole(deps(), owner, { datanetId, address: account(n), role: 'validator', granted: true });
  }
  const rows = ['Who signs the lease?', 'When does notice end?', 'BAD: what?'].map((prompt, i) => ({
    ...{
      line: i + 1,
      data: { prompt, completion: `${prompt} The ${['tenant', 'month', 'weather'][i]} does, as written.` },
    },
  }));
  await submitContribution(deps(), author, { datanetId, source: 'form', idempotencyKey: 'rounds-000', rows });
});
afterAll(() => database.close());

/** Reads a round's places as a validator does: whatever is marked BAD is to be rejected. */
async function verdictsOf(roundId: string, n: number): Promise<string> {
  const places = await findRoundPlaces(database.db, roundId, account(n));
  return places!.map(({ data }) => (data.prompt!.startsWith('BAD') ? 'r' : 'a')).join('');
}
async function vote(roundId: string, seats: readonly string[], verdictOf = verdictsOf): Promise<void> {
  const numbers = validators.filter((n) => seats.includes(account(n)));
  const told = new Map<number, string>();
  for (const n of numbers) {
    const verdicts = await verdictOf(roundId, n);
    told.set(n, verdicts);
    await commitVerdicts(deps(), actor(n), {
      roundId,
      commitment: commitmentOf(roundId, account(n), verdicts, salt(n)),
    });
  }
  for (const n of numbers) await revealVerdicts(deps(), actor(n), { roundId, verdicts: told.get(n)!, salt: salt(n) });
}
const rowsOf = () => database.db.select().from(examples).where(eq(examples.datanetId, datanetId)).orderBy(examples.id);

it('decides rows by commit and reveal, takes an appeal and a veto, and says on whom all of it waits', async () => {
  const ids = (await rowsOf()).map(({ id }) => id);
  const open = () => openRound(deps(), owner, { datanetId, exampleIds: ids, seats: 3, quorum: 2, hours: 24 });
  expect(await codeOf(open())).toBe('round_not_possible'); // no gold rows
  const gold = (verdict: 'accept' | 'reject', prompt: string) =>
    addGoldRow(deps(), owner, { datanetId, data: { prompt, completion: 'Known.' }, verdict, why: 'Known to us.' });
  await gold('accept', 'What is rent?');
  await gold('reject', 'BAD: gold?');
  expect(await gold('reject', 'BAD: gold?')).toEqual({ added: false });
  expect(await codeOf(addGoldRow(deps(), author, { datanetId, data: {}, verdict: 'accept', why: 'mine' }))).toBe(
    'datanet_forbidden',
  );
  const { roundId, validators: seated } = await open();
  expect(await codeOf(open())).toBe('round_not_possible'); // the rows stand in a round
  expect((await reviewExamples(deps(), owner, { datanetId, exampleIds: ids, decision: 'accept' })).decided).toEqual([]);
  const outsider = validators.find((n) => !seated.includes(account(n)))!;
  expect(await findRoundPlaces(database.db, roundId, account(outsider))).toBeNull();
  expect(await codeOf(commitVerdicts(deps(), actor(outsider), { roundId, commitment: salt(1) }))).toBe('round_closed');
  const waiting = await listWaiting(database.db, datanetId, deps().now());
  expect(waiting[0]).toMatchObject({ who: [...seated].sort(), what: expect.stringContaining('commit') });

  const first = validators.find((n) => seated.includes(account(n)))!;
  const verdicts = await verdictsOf(roundId, first);
  expect(verdicts).toHaveLength(5);
  const early = revealVerdicts(deps(), actor(first), { roundId, verdicts, salt: salt(first) });
  expect(await codeOf(early)).toBe('round_closed');
  expect(await settleRounds(deps())).toBe(0);
  await vote(roundId, seated);
  const other = revealVerdicts(deps(), actor(first), { roundId, verdicts: 'aaaaa', salt: salt(first) });
  expect(await codeOf(other)).toBe('round_closed');
  expect(await settleRounds(deps())).toBe(1);
  expect(await settleRounds(deps())).toBe(0);
  const settled = await rowsOf();
  expect(settled.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'rejected']);
  expect(settled.slice(0, 2).every(({ reviewedBy }) => seated.includes(reviewedBy!))).toBe(true);
  expect((await listRounds(database.db, datanetId, deps().now()))[0]).toMatchObject({
    outcomes: { accepted: 2, rejected: 1, undecided: 0 },
    votes: seated.map(() => ({ skillPpm: 1_000_000, judged: 5 })),
  });
  const best = await listValidators(database.db, datanetId, deps().now());
  expect(
    best
      .filter(({ reputationPpm }) => reputationPpm > 0)
      .map(({ validator }) => validator)
      .sort(),
  ).toEqual([...seated].sort());

  const rejected = ids[2]!;
  expect(await codeOf(appealRejection(deps(), owner, { exampleId: rejected, reason: 'not mine' }))).toBe(
    'not_appealable',
  );
  const appeal = await appealRejection(deps(), author, { exampleId: rejected, reason: 'It was a joke.' });
  expect(await codeOf(appealRejection(deps(), author, { exampleId: rejected, reason: 'again' }))).toBe(
    'not_appealable',
  );
  const jury = (await listRounds(database.db, datanetId, deps().now()))[0]!;
  expect(jury).toMatchObject({ id: appeal.roundId, kind: 'appeal' });
  expect(jury.votes.some(({ validator }) => seated.includes(validator))).toBe(false);
  await vote(
    jury.id,
    jury.votes.map(({ validator }) => validator),
    async (id, n) => {
      const places = await findRoundPlaces(database.db, id, account(n));
      return places!.map(({ data }) => (data.prompt === 'BAD: gold?' ? 'r' : 'a')).join('');
    },
  );
  await settleRounds(deps());
  expect((await rowsOf())[2]!.status).toBe('accepted');
  expect(await listAppeals(database.db, datanetId, { address: null, decides: false })).toMatchObject([
    { state: 'overturned' },
  ]);

  expect(await codeOf(vetoOutcome(deps(), author, { exampleId: rejected, reason: 'no' }))).toBe('datanet_forbidden');
  await vetoOutcome(deps(), owner, { exampleId: rejected, reason: 'It is not about leases.' });
  expect((await rowsOf())[2]!.status).toBe('quarantined');
  expect((await getExample(deps(), author, rejected)).history).toMatchObject([
    { kind: 'contributed' },
    { kind: 'judged', isAppeal: false, outcome: 'rejected' },
    { kind: 'appealed', reason: 'It was a joke.' },
    { kind: 'judged', isAppeal: true, outcome: 'accepted' },
    { kind: 'vetoed', reason: 'It is not about leases.' },
  ]);
  expect(await listVetoes(database.db, datanetId)).toMatchObject([
    { exampleId: rejected, reason: 'It is not about leases.' },
  ]);
});

it('gives the rows back when validators keep silent, and keeps an appeal open until there is a jury', async () => {
  const rows = [{ line: 1, data: { prompt: 'BAD: and this?', completion: 'Nobody knows at all.' } }];
  await submitContribution(deps(), author, { datanetId, source: 'form', idempotencyKey: 'rounds-001', rows });
  const id = (await rowsOf()).at(-1)!.id;
  const fresh = { 'What is a lease made of?': 'accept', 'BAD: gold again?': 'reject' } as const; // all have seen the others
  for (const [prompt, verdict] of Object.entries(fresh))
    await addGoldRow(deps(), owner, { datanetId, data: { prompt, completion: 'Known, too.' }, verdict, why: 'Known.' });
  const { roundId, validators: seated } = await openRound(deps(), owner, {
    datanetId,
    exampleIds: [id],
    seats: 3,
    quorum: 2,
    hours: 1,
  });
  const silent = validators.find((n) => seated.includes(account(n)))!;
  const verdicts = await verdictsOf(roundId, silent);
  const commitment = commitmentOf(roundId, account(silent), verdicts, salt(silent));
  await commitVerdicts(deps(), actor(silent), { roundId, commitment });
  clock += 3_600_000;
  expect(await codeOf(revealVerdicts(deps(), actor(silent), { roundId, verdicts: 'aaa', salt: salt(silent) }))).toBe(
    'wrong_reveal',
  );
  clock += 3_600_000;
  expect(await settleRounds(deps())).toBe(1);
  expect((await rowsOf()).at(-1)!.status).toBe('pending');
  const [round] = await listRounds(database.db, datanetId, deps().now());
  expect(round!.votes.map(({ skillPpm }) => skillPpm)).toEqual([0, 0, 0]);

  await reviewExamples(deps(), owner, { datanetId, exampleIds: [id], decision: 'reject', reason: 'Not a question.' });
  for (const n of validators.slice(2)) {
    await setDatanetRole(deps(), owner, { datanetId, address: account(n), role: 'validator', granted: false });
  }
  expect(await appealRejection(deps(), author, { exampleId: id, reason: 'It is.' })).toMatchObject({ roundId: null });
  const waiting = await listWaiting(database.db, datanetId, deps().now());
  expect(waiting).toMatchObject([{ who: [account(1)], what: expect.stringContaining('without a jury') }]);
  for (const n of [17, 18, 19]) {
    await setDatanetRole(deps(), owner, { datanetId, address: account(n), role: 'validator', granted: true });
  }
  await settleRounds(deps());
  const [appeal] = await database.db.select().from(appeals).where(eq(appeals.exampleId, id));
  expect(appeal!.roundId).not.toBeNull();
  clock += 48 * 3_600_000;
  await settleRounds(deps());
  const [unheard] = await database.db.select().from(appeals).where(eq(appeals.exampleId, id));
  expect(unheard).toMatchObject({ state: 'open', roundId: null }); // nobody of the jury spoke: another is sought
});
