import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startAttack } from '#lib/attacks/start-attack.ts';
import { getAnswerRecord } from '#lib/attribution/get-answer-record.ts';
import { getIndexFile } from '#lib/attribution/get-index-file.ts';
import { findReceipt } from '#lib/attribution/queries.ts';
import { getContribution } from '#lib/contributions/get-contribution.ts';
import { getExample } from '#lib/contributions/get-example.ts';
import { improveExample } from '#lib/contributions/improve-example.ts';
import { listExamples } from '#lib/contributions/list-examples.ts';
import { contentHashOf } from '#lib/contributions/parse/canonical-text.ts';
import { previewContribution } from '#lib/contributions/preview-contribution.ts';
import { reviewQueue } from '#lib/contributions/review-queue.ts';
import { listExamplesSchema } from '#lib/contributions/schema.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { compareVersions } from '#lib/datanets/compare-versions.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { estimateRun } from '#lib/model-factory/estimate-run.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { findRows } from '#lib/retrieval/find-rows.ts';
import { listPlaygroundModels } from '#lib/serving/playground-models.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { findReadAccess } from './get-read-access.ts';
import { getTrainingAccess } from './get-training-access.ts';
import { listAccess } from './list-access.ts';
import { revokeAccess } from './revoke-access.ts';
import { setAccessTier } from './set-access-tier.ts';
import {
  addModel,
  addRows,
  ask,
  author,
  curator,
  letIn,
  makeDatanet,
  member,
  owner,
  type PrivateDeps,
  privateDeps,
  stranger,
} from './test-support/private-world.ts';

const secret = 'The zebra clause says forty days.';
const texts = [secret, 'A second clause about late fees.'];
const waiting = 'A walrus clause that waits for review.';
const visitor: Actor = { kind: 'visitor' };
const clock = { ms: Date.UTC(2026, 0, 1) };
let database: TestDatabase;
let deps: PrivateDeps;
let id = '';
let ids: string[] = [];
let contributionId = '';
let ended: `0x${string}`;

/** What an attempt came to: the refusal's code, or everything that it handed out as text. */
const outcome = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    (value) => JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? 'nothing',
    (error) => String(error.code ?? error),
  );
const list = (actor: Actor, input: object = {}) => listExamples(deps, actor, id, listExamplesSchema.parse(input));
const unused = {} as Pick<Deps, 'queue' | 'env' | 'store'>;

beforeAll(async () => {
  database = await createTestDatabase();
  deps = privateDeps(database, clock);
  id = await makeDatanet(deps, 'private-clauses');
  ({ ids, contributionId } = await addRows(deps, id, texts));
  await addModel(deps, id, ids);
  await database.pool.query(`insert into chain_events (block_number, log_index, block_hash, tx_hash, contract, name, subject, args)
    select 1, 1, version_hash, version_hash, 'modelRegistry', 'VersionPublished', version_hash, '{}' from models`);
  await submitContribution(deps, author, {
    ...{ datanetId: id, source: 'form', idempotencyKey: 'one that waits' },
    rows: [{ line: 1, data: { prompt: waiting, completion: 'Nobody has decided.' } }],
  });
  expect(await outcome(listPlaygroundModels(deps.db))).toContain('zebra'); // it is public until now
  await setAccessTier(deps, owner, { datanetId: id, tier: 'gated' });
  const requestId = await ask(deps, member, id);
  const grantId = await letIn(deps, owner, { datanetId: id, requestId, grantee: member, days: 30 });
  ended = member.address;
  expect(grantId).toMatch(/^acg_/);
});
afterAll(() => database.close());

describe('a gated Datanet', () => {
  it('is read by owner, curator and member, and by its author as far as it is theirs', async () => {
    for (const actor of [owner, curator, member]) expect((await list(actor)).items[0]?.data?.prompt).toBe(secret);
    expect((await getExample(deps, author, ids[0]!)).data?.prompt).toBe(secret);
    expect((await list(author, { contributor: author.address })).items).toHaveLength(2);
    expect((await reviewQueue(deps, curator, { datanetId: id })).items[0]?.data?.prompt).toBe(waiting);
    expect((await findReadAccess(deps, member, id)).part).toBe('member');
  });

  const attempts: [string, (actor: Actor) => Promise<unknown>][] = [
    ['the list of rows', (actor) => list(actor)],
    ['a search for a word', (actor) => list(actor, { q: 'zebra' })],
    ['a filter by length', (actor) => list(actor, { length: 'prompt:1-400' })],
    ['the rows of one author', (actor) => list(actor, { contributor: author.address })],
    ['the review queue', (actor) => reviewQueue(deps, actor, { datanetId: id })],
    ['a row’s own page', (actor) => getExample(deps, actor, ids[0]!)],
    ['a contribution’s page', (actor) => getContribution(deps, actor, contributionId)],
    [
      'the comparison of versions',
      (actor) => compareVersions(deps, actor, { slug: 'private-clauses', from: 2, to: 1, limit: 100 }),
    ],
    ['the viewer’s API and every export', (actor) => getViewerVersion(deps, actor, { dataset: id })],
    ['the newest version by its number', (actor) => getViewerVersion(deps, actor, { dataset: id, revision: 1 })],
    ['a receipt', () => findReceipt(deps.db, 'rcp_1')],
    [
      'the record of an answer that read the row',
      (actor) => getAnswerRecord(deps, actor, { receiptId: 'rcp_1', callerKey: 'c' }),
    ],
    ['the playground’s questions', () => listPlaygroundModels(deps.db)],
    [
      'a question that retrieves rows',
      () => findRows(deps.db, { adapterId: 'ad_1', versionId: 'dv_1', datanetId: id }, 'zebra clause forty', 4),
    ],
    [
      'a hash of a guessed text',
      (actor) => {
        const contentHashes = [contentHashOf({ prompt: secret, completion: `${secret} Answered at length.` })];
        return previewContribution(deps, actor, { datanetId: id, contentHashes });
      },
    ],
    [
      'the same text as a contribution',
      (actor) => {
        const rows = [{ line: 1, data: { prompt: secret, completion: `${secret} Answered at length.` } }];
        return submitContribution(deps, actor, { datanetId: id, source: 'form', idempotencyKey: 'guess-guess', rows });
      },
    ],
    [
      'an improvement of the row',
      (actor) =>
        improveExample(deps, actor, {
          ...{ exampleId: ids[0]!, role: 'label', note: 'a guess', idempotencyKey: 'improve-it' },
          data: { prompt: secret, completion: 'Other.' },
        }),
    ],
    [
      'an attack on a sandbox copy',
      (actor) =>
        startAttack({ ...deps, ...unused }, actor, {
          versionId: 'dv_1',
          attack: 'copies',
          seed: 1,
          caller: 'c',
        } as never),
    ],
    ['a training of one’s own', (actor) => getTrainingAccess(deps, actor, id)],
    ['the attribution index', (actor) => getIndexFile(deps, actor, 'ad_1')],
    ['the list of who asked', (actor) => listAccess(deps, actor, id)],
  ];

  it.each(attempts)('does not give its text by %s', async (_, attempt) => {
    for (const actor of [visitor, stranger]) {
      const got = await outcome(attempt(actor));
      expect(got).not.toMatch(/zebra|late fees|walrus/);
      expect(got).not.toMatch(/"exampleId":"ex_\w+","status"/); // not even that the guess stands there
    }
  });

  it('refuses by the guard, and not for want of something else', async () => {
    const guarded = attempts.filter(([name]) => /viewer|training|index|sandbox|improvement|contribution$/.test(name));
    const codes = await Promise.all(guarded.map(([, attempt]) => outcome(attempt(stranger))));
    expect(codes).toEqual(guarded.map(() => 'rows_closed'));
    expect(guarded.length).toBeGreaterThanOrEqual(6);
    expect(await outcome(list(stranger))).toBe('rows_closed');
    // Both call the same guard; this fails when one of them stops asking.
    for (const run of [estimateRun, startTrainingRun]) expect(run.toString()).toContain('getTrainingAccess');
  });

  it('has no route of viewer, export or rows that does not ask', () => {
    const folders = ['app/api/v1/viewer', 'app/api/v1/datanets/[slug]'];
    const routes = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('route.ts'))
        .map((name) => join(folder, name)),
    );
    const asks = /getViewerVersion\(deps, actor|getReadAccess\(deps, actor|listExamples\(deps, actor/;
    const withoutRows = ['/improvements/', '[slug]/route.ts'];
    const isRead = (route: string) => readFileSync(route, 'utf8').includes('export const GET');
    const reading = routes.filter((route) => isRead(route) && !withoutRows.some((part) => route.includes(part)));
    expect(reading.length).toBeGreaterThanOrEqual(12);
    expect(reading.filter((route) => !asks.test(readFileSync(route, 'utf8')))).toEqual([]);
  });
});

describe('requests and permissions', () => {
  it('are worth nothing when somebody else signed, when replayed, or for another Datanet', async () => {
    const other = await makeDatanet(deps, 'another');
    await setAccessTier(deps, owner, { datanetId: other, tier: 'gated' });
    expect(await outcome(ask(deps, stranger, id, { account: member.address }))).toBe('access_signature_unavailable');
    expect(await outcome(ask(deps, stranger, id, { datanet: other }))).toBe('access_signature_unavailable');
    const requestId = await ask(deps, stranger, id);
    expect(await outcome(ask(deps, stranger, id))).toBe('access_request_refused');
    const permission = { datanetId: id, requestId, grantee: stranger, days: 30 };
    expect(await outcome(letIn(deps, stranger, permission))).toBe('datanet_forbidden');
    expect(await outcome(letIn(deps, curator, permission))).toBe('datanet_forbidden');
    expect(await outcome(letIn(deps, owner, { ...permission, datanetId: other }))).toBe('access_signature_unavailable');
    expect(await outcome(letIn(deps, owner, { ...permission, days: 731 }))).toBe('access_request_refused');
    expect((await findReadAccess(deps, stranger, id)).mayRead).toBe(false);
    const otherRequest = await ask(deps, stranger, other);
    await letIn(deps, owner, { ...permission, datanetId: other, requestId: otherRequest });
    expect(await outcome(list(stranger))).toBe('rows_closed');
    expect(await outcome(letIn(deps, owner, { ...permission, datanetId: other, requestId: otherRequest }))).toBe(
      'access_request_not_found',
    );
  });

  it('end when they are revoked, and by the clock', async () => {
    const { grants } = await listAccess(deps, owner, id);
    const grantId = grants.find((grant) => grant.grantee === ended)!.id;
    expect(await outcome(revokeAccess(deps, stranger, { grantId, reason: 'mine now' }))).toBe('datanet_forbidden');
    await revokeAccess(deps, owner, { grantId, reason: 'project is over' });
    expect(await outcome(list(member))).toBe('rows_closed');
    expect((await getExample(deps, member, ids[0]!)).data).toBeNull();
    const requestId = await ask(deps, member, id);
    await letIn(deps, owner, { datanetId: id, requestId, grantee: member, days: 1 });
    expect((await list(member)).items).toHaveLength(2);
    clock.ms += 86_401_000;
    expect(await outcome(list(member))).toBe('rows_closed');
  });

  it('cannot be made needless: a Datanet with rows never becomes more open', async () => {
    await setAccessTier(deps, owner, { datanetId: id, tier: 'compute' });
    expect(await outcome(setAccessTier(deps, owner, { datanetId: id, tier: 'gated' }))).toBe('tier_change_refused');
    expect(await outcome(setAccessTier(deps, owner, { datanetId: id, tier: 'encrypted' }))).toBe('tier_change_refused');
    expect(await outcome(setAccessTier(deps, curator, { datanetId: id, tier: 'compute' }))).toBe('datanet_forbidden');
    const requestId = await ask(deps, member, id);
    await letIn(deps, owner, { datanetId: id, requestId, grantee: member, days: 9 });
    expect(await findReadAccess(deps, member, id)).toMatchObject({ mayRead: false, mayContribute: true });
    expect(await outcome(list(member))).toBe('rows_closed');
    expect(await outcome(getTrainingAccess(deps, owner, id))).toBe('rows_closed');
  });
});
