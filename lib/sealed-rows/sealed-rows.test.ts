import { afterAll, beforeAll, expect, it } from 'vitest';
import { findNearDuplicates } from '#lib/contributions/find-near-examples.ts';
import { getExample } from '#lib/contributions/get-example.ts';
import { contentHashOf } from '#lib/contributions/parse/canonical-text.ts';
import { reviewExamples } from '#lib/contributions/review-examples.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { getViewerVersion } from '#lib/dataset-viewer/get-viewer-version.ts';
import { createMemberKey, type MemberKey } from '#lib/kernel/sealing/member-key.ts';
import { type DataKeys, openRow, sealRow } from '#lib/kernel/sealing/seal-row.ts';
import { newDataKey, unwrapKey, wrapKey } from '#lib/kernel/sealing/wrap-key.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { listAccess } from '../access/list-access.ts';
import { revokeAccess } from '../access/revoke-access.ts';
import { setAccessTier } from '../access/set-access-tier.ts';
import {
  addModel,
  ask,
  curator,
  letIn,
  makeDatanet,
  member,
  owner,
  type PrivateDeps,
  privateDeps,
  stranger,
  type Who,
} from '../access/test-support/private-world.ts';
import { getSealedKeys } from './get-sealed-keys.ts';
import { listSealedRows } from './list-sealed-rows.ts';
import { saveMemberKey } from './save-member-key.ts';
import { startEra } from './start-era.ts';
import { submitSealedRows } from './submit-sealed-rows.ts';

const clock = { ms: Date.UTC(2026, 0, 1) };
const canary = (n: number) => `canary-${n}-of-a-secret-dataset`;
let database: TestDatabase;
let deps: PrivateDeps;
let datanetId = '';
let people: Map<Who, MemberKey>;
const keyOf = (who: Who) => people.get(who)!;
const codeOf = (attempt: Promise<unknown>) => attempt.then(() => 'done').catch((error) => String(error.code ?? error));

beforeAll(async () => {
  database = await createTestDatabase();
  deps = privateDeps(database, clock);
  datanetId = await makeDatanet(deps, 'sealed-clauses');
  await setAccessTier(deps, owner, { datanetId, tier: 'encrypted' });
  people = new Map();
  for (const who of [owner, member, curator]) {
    const { backup, recoveryCode: _, ...key } = await createMemberKey();
    people.set(who, key);
    await saveMemberKey(deps, who, { publicKey: key.publicKey, backup });
  }
});
afterAll(() => database.close());

const wrapFor = (who: Who, key: Uint8Array, era: number) =>
  wrapKey(key, keyOf(who).publicKey, { datanetId, era, account: who.address });

/** What the browser of `who` does: its wraps from the server, opened with its own key. */
async function keysOf(who: Who): Promise<DataKeys> {
  const { wraps } = await getSealedKeys(deps, who, datanetId);
  const opened = wraps.map(async ({ era, wrapped }) => {
    const place = { datanetId, era, account: who.address };
    return [era, await unwrapKey(wrapped as `0x${string}`, keyOf(who), place)] as const;
  });
  return new Map(await Promise.all(opened));
}

async function send(who: Who, numbers: readonly number[], keys: DataKeys) {
  const rows = await Promise.all(
    numbers.map((n) => {
      const data = { prompt: canary(n), completion: 'sealed' };
      return sealRow({ data, contentHash: contentHashOf(data) }, { datanetId, keys });
    }),
  );
  return submitSealedRows(deps, who, { datanetId, idempotencyKey: crypto.randomUUID(), rows });
}

async function read(who: Who, status: 'pending' | 'accepted'): Promise<(string | null)[]> {
  const [{ items }, keys] = await Promise.all([listSealedRows(deps, who, { datanetId, status }), keysOf(who)]);
  const texts = items.map(async (row) =>
    row.wrappedKey
      ? openRow({ ...row, wrappedKey: row.wrappedKey }, { datanetId, keys }).then(
          ({ prompt }) => prompt!,
          () => null,
        )
      : null,
  );
  return Promise.all(texts);
}

async function join(who: Who, days = 30): Promise<string> {
  const { publicKey } = keyOf(who);
  const requestId = await ask(deps, who, datanetId, { publicKey });
  const keys = await keysOf(owner);
  const wraps = await Promise.all(
    [...keys].map(async ([era, key]) => ({ era, wrapped: await wrapFor(who, key, era) })),
  );
  return letIn(deps, owner, { datanetId, requestId, grantee: who, days, wraps });
}

it('takes no row before it has a key, then rows of members, which members alone read', async () => {
  expect(await codeOf(send(owner, [0], new Map([[1, newDataKey()]])))).toBe('sealed_rows_refused');
  const dataKey = newDataKey();
  const wraps = [{ account: owner.address, wrapped: await wrapFor(owner, dataKey, 1) }];
  expect(await codeOf(startEra(deps, curator, { datanetId, era: 1, wraps }))).toBe('datanet_forbidden');
  const tooMany = [...wraps, { account: stranger.address, wrapped: await wrapFor(member, dataKey, 1) }];
  expect(await codeOf(startEra(deps, owner, { datanetId, era: 1, wraps: tooMany }))).toBe('era_refused');
  await startEra(deps, owner, { datanetId, era: 1, wraps });
  expect(await codeOf(startEra(deps, owner, { datanetId, era: 1, wraps }))).toBe('era_refused');

  await join(member);
  await join(curator);
  const keys = await keysOf(member);
  expect(await send(member, [1, 2, 3], keys)).toMatchObject({ storedRows: 3, duplicates: 0 });
  // The same words again, sealed anew: seen by their fingerprint, by another member too.
  expect(await send(curator, [3, 4], await keysOf(curator))).toMatchObject({ storedRows: 1, duplicates: 1 });
  expect((await read(owner, 'pending')).sort()).toEqual([1, 2, 3, 4].map(canary));
  const [row] = (await listSealedRows(deps, curator, { datanetId, status: 'pending' })).items;
  await reviewExamples(deps, curator, { datanetId, exampleIds: [row!.id], decision: 'accept' });
  expect(await read(member, 'accepted')).toEqual([canary(1)]);
  await addModel(deps, datanetId, [row!.id]);
});

it('gives a non-member nothing, not even ciphertext, and the server has no text to give', async () => {
  expect(await codeOf(listSealedRows(deps, stranger, { datanetId }))).toBe('rows_closed');
  expect(await codeOf(listSealedRows(deps, { kind: 'visitor' }, { datanetId }))).toBe('rows_closed');
  expect(await codeOf(getSealedKeys(deps, stranger, datanetId))).toBe('rows_closed');
  expect(await codeOf(send(stranger, [9], await keysOf(owner)))).toBe('rows_closed');
  const rows = [{ line: 1, data: { prompt: canary(5), completion: 'plain' } }];
  const plain = { datanetId, source: 'form', idempotencyKey: 'plain-rows', rows };
  expect(await codeOf(submitContribution(deps, member, plain))).toBe('plain_text_refused');
  expect(await codeOf(getViewerVersion(deps, member, { dataset: datanetId }))).toBe('rows_sealed');
  const [first] = (await listSealedRows(deps, owner, { datanetId })).items;
  expect((await getExample(deps, owner, first!.id)).data).toEqual({});
  expect(await findNearDuplicates(deps.db, { exampleId: first!.id, decides: true })).toEqual([]); // its page asks

  const tables = await database.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  let cells = 0;
  for (const { name } of tables.rows) {
    const found = await database.pool.query(`select t::text as row from "${name}" t`);
    cells += found.rowCount ?? 0;
    expect(found.rows.filter(({ row }) => row.includes('canary'))).toEqual([]);
  }
  expect(cells).toBeGreaterThan(30);
});

it('shows a removed member no row of the next era, and the others all', async () => {
  const before = await keysOf(member);
  const { grants } = await listAccess(deps, owner, datanetId);
  const grantId = grants.find(({ grantee }) => grantee === member.address)!.id;
  await revokeAccess(deps, owner, { grantId, reason: 'left the project' });
  expect(await codeOf(listSealedRows(deps, member, { datanetId }))).toBe('rows_closed');

  const next = newDataKey();
  const wraps = await Promise.all(
    [owner, curator].map(async (who) => ({ account: who.address, wrapped: await wrapFor(who, next, 2) })),
  );
  await startEra(deps, owner, { datanetId, era: 2, wraps });
  const keys = await keysOf(curator);
  expect(await codeOf(send(curator, [6], new Map([[1, keys.get(1)!]])))).toBe('sealed_rows_refused');
  await send(curator, [3, 6, 7], keys);
  const { items } = await listSealedRows(deps, owner, { datanetId, status: 'pending' });
  const newer = items.filter(({ era }) => era === 2);
  expect(newer).toHaveLength(2); // 3 was there, also for the second era
  for (const row of newer)
    expect(await codeOf(openRow({ ...row, wrappedKey: row.wrappedKey! }, { datanetId, keys: before }))).not.toBe(
      'done',
    );
  expect(await read(owner, 'pending')).toEqual(expect.arrayContaining([canary(2), canary(6), canary(7)]));
  // Only who is let in again gets keys, and then to all eras.
  await join(member);
  expect(await read(member, 'pending')).toContain(canary(7));
  const fresh = await createMemberKey();
  expect(await codeOf(saveMemberKey(deps, member, fresh))).toBe('member_key_in_use');
});
