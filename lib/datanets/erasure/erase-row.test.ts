import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { adapters, trainingEvents } from '#db/schema/models.ts';
import { devnetAccount } from '#db/seed/devnet-accounts.ts';
import { submitContribution } from '#lib/contributions/submit-contribution.ts';
import { withdrawExample } from '#lib/contributions/withdraw-example.ts';
import { rowSalt, saltedHash } from '#lib/kernel/row-salt.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import {
  addModel,
  addRows,
  author,
  makeDatanet,
  type PrivateDeps,
  privateDeps,
} from '../../access/test-support/private-world.ts';
import { findErasure, listWaitingErasures } from '../find-erasure.ts';
import { findOrAddSaltKey } from '../find-salt-key.ts';
import { encodeVersionRows, readVersionRows, type VersionRow, versionTree } from '../version-rows.ts';
import { eraseRow } from './erase-row.ts';
import { verifyErasure } from './verify-erasure.ts';

const operator = devnetAccount(0);
const secret = 'The platypus clause ends on a leap day.';
const texts = ['A first clause.', secret, 'A third clause.'];
let database: TestDatabase;
let deps: PrivateDeps & Pick<Deps, 'store' | 'operator'>;
let folder = '';
let datanetId = '';
let ids: string[] = [];
const clock = { ms: Date.UTC(2026, 0, 1) };
const dropped: string[] = [];
const dropExport = async (versionId: string) => void dropped.push(versionId);

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'openledger-erasure-'));
  deps = { ...privateDeps(database, clock), store: fileObjectStore(folder), operator };
  datanetId = await makeDatanet(deps, 'erased-clauses');
  ({ ids } = await addRows(deps, datanetId, texts));
  await addModel(deps, datanetId, ids);
  await storeVersion('dv_1', ids);
  await storeVersion('dv_0', ids.slice(1), { quotes: true });
  await deps.store.put('p/spans.index', new TextEncoder().encode(secret));
  await deps.db.update(adapters).set({ spanIndexSha256: `0x${'1'.repeat(64)}` });
  const event = { runId: 'run_1', type: 'sample', at: deps.now() };
  await deps.db.insert(trainingEvents).values([
    { ...event, seq: 1, data: { step: 1, prompt: secret, text: 'x' } },
    { ...event, seq: 2, data: { step: 2, prompt: texts[0], text: 'x' } },
  ]);
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

/** The version's rows as freezing writes them; with `quotes`, another row names the secret as its former text. */
async function storeVersion(id: string, rowIds: string[], { quotes = false } = {}): Promise<void> {
  const key = await findOrAddSaltKey(deps, deps.db, datanetId);
  const rows: VersionRow[] = [];
  for (const rowId of rowIds) {
    const [row] = await deps.db.select().from(examples).where(eq(examples.id, rowId));
    const salt = rowSalt(key, row!.contentHash as `0x${string}`);
    rows.push({
      ...{ id: rowId, contributor: author.address, contributedAt: 1_700_000_000, data: row!.data },
      ...{ contentHash: saltedHash(salt, row!.contentHash as `0x${string}`), salt },
      ...(quotes && rowId === ids[2] && { formerly: [{ id: ids[1]!, data: row!.data }] }),
    });
  }
  if (quotes) rows[1]!.formerly![0]!.data = { prompt: secret };
  const { key: objectKey } = await putContent(deps.store, encodeVersionRows(rows));
  const root = versionTree(rows).root;
  await deps.db
    .update(datanetVersions)
    .set({ root, objectKey, rowCount: rows.length })
    .where(eq(datanetVersions.id, id));
  await deps.db.delete(versionExamples).where(eq(versionExamples.versionId, id));
  const leaves = rowIds.map((exampleId, leafIndex) => ({ versionId: id, leafIndex, exampleId }));
  await deps.db.insert(versionExamples).values(leaves);
}

const rowsOf = async (number: number) => {
  const [version] = await deps.db.select().from(datanetVersions).where(eq(datanetVersions.number, number));
  return deps.store.get(version!.objectKey);
};

/** Every file of the store and every cell of the database that holds a word. */
async function findWord(word: string): Promise<string[]> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const held = files
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(word));
  const tables = await database.pool.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  );
  for (const { name } of tables.rows) {
    const { rows } = await database.pool.query(`select t::text as row from "${name}" t`);
    if (rows.some(({ row }) => row.includes(word))) held.push(name);
  }
  return held;
}

describe('eraseRow', () => {
  it('leaves no word of the text in database or store, roots that verify, and a receipt that a stranger checks', async () => {
    const [before] = await deps.db.select().from(examples).where(eq(examples.id, ids[1]!));
    expect(new Set(await findWord('platypus')).size).toBeGreaterThanOrEqual(5);
    expect(await eraseRow(deps, { exampleId: ids[1]!, dropExport })).toBe('skipped'); // it stands
    await withdrawExample(deps, author, { exampleId: ids[1]! });
    expect(await listWaitingErasures(deps.db)).toEqual([ids[1]]);
    expect((await findErasure(deps.db, ids[1]!))?.signed).toBeNull();
    expect(await eraseRow(deps, { exampleId: ids[1]!, dropExport })).toBe('erased');
    expect(await eraseRow(deps, { exampleId: ids[1]!, dropExport })).toBe('skipped');

    expect(await findWord('platypus')).toEqual([]);
    expect(await findWord(before!.contentHash)).toEqual([]);
    expect(new Set(dropped)).toEqual(new Set(['dv_0', 'dv_1']));
    const { signed } = (await findErasure(deps.db, ids[1]!))!;
    expect(signed!.receipt).toMatchObject({
      ...{ exampleId: ids[1], contributor: author.address, quotedInAnswers: 0 },
      models: [{ adapterId: 'ad_1', slugs: ['m'] }],
      versions: [
        { number: 1, leafIndex: 1, isSalted: true },
        { number: 2, leafIndex: 0, isSalted: true },
      ],
    });
    const steps = await verifyErasure(signed!, { gateway: operator.address, rowsOf });
    expect(steps.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  });

  it('keeps the words out: nobody contributes them again', async () => {
    const rows = [{ line: 1, data: { prompt: secret, completion: `${secret} Answered at length.` } }];
    const again = { datanetId, source: 'form', idempotencyKey: 'once more', rows };
    await expect(submitContribution(deps, author, again)).rejects.toMatchObject({ code: 'no_new_rows' });
  });

  it('is caught by the check when a version still has the text, another root, or another signer', async () => {
    const { signed } = (await findErasure(deps.db, ids[1]!))!;
    const outcomes = async (change: Partial<Parameters<typeof verifyErasure>[1]>, receipt = signed!) =>
      (await verifyErasure(receipt, { gateway: operator.address, rowsOf, ...change })).map(({ outcome }) => outcome);
    const edited = (change: (row: VersionRow) => VersionRow) => async (number: number) => {
      const [version] = await deps.db.select().from(datanetVersions).where(eq(datanetVersions.number, number));
      return encodeVersionRows((await readVersionRows(deps.store, version!.objectKey)).map(change));
    };
    const ofRow = (change: Partial<VersionRow>) => edited((row) => (row.id === ids[1] ? { ...row, ...change } : row));
    expect(await outcomes({ rowsOf: ofRow({ data: { prompt: secret } }) })).toEqual(['ok', 'differs', 'differs']);
    expect(await outcomes({ rowsOf: ofRow({ salt: `0x${'2'.repeat(64)}` }) })).toEqual(['ok', 'differs', 'differs']);
    expect(await outcomes({ rowsOf: ofRow({ contributedAt: 1 }) })).toEqual(['ok', 'differs', 'differs']);
    const quoting = edited((row) => (row.id === ids[2] ? { ...row, formerly: [{ id: ids[1]!, data: {} }] } : row));
    expect(await outcomes({ rowsOf: quoting })).toEqual(['ok', 'differs', 'differs']);
    expect(await outcomes({ gateway: author.address })).toEqual(['differs', 'ok', 'ok']);
    const forged = { ...signed!, receipt: { ...signed!.receipt, erasedAt: 1 } };
    expect((await outcomes({}, forged))[0]).toBe('differs');
    expect(await outcomes({ rowsOf: async () => null })).toEqual(['ok', 'skipped', 'skipped']);
  });

  it('says the same when a worker dies after any of its writes', async () => {
    await withdrawExample(deps, author, { exampleId: ids[2]! });
    for (let left = 0; ; left++) {
      let budget = left;
      const put = (key: string, bytes: Uint8Array) => spend().then(() => deps.store.put(key, bytes));
      const remove = (key: string) => spend().then(() => deps.store.remove(key));
      const dying = { ...deps.store, put, remove };
      const spend = async () => {
        if (budget-- <= 0) throw new Error('killed');
      };
      const dropOrDie = () => spend();
      const done = await eraseRow({ ...deps, store: dying }, { exampleId: ids[2]!, dropExport: dropOrDie }).catch(
        () => null,
      );
      if (done) break;
      expect(left).toBeLessThan(20);
    }
    expect(await findWord('third clause')).toEqual([]);
    const { signed } = (await findErasure(deps.db, ids[2]!))!;
    expect(signed!.receipt.versions.map(({ number, leafIndex }) => [number, leafIndex])).toEqual([
      [1, 2],
      [2, 1],
    ]);
    const steps = await verifyErasure(signed!, { gateway: operator.address, rowsOf });
    expect(steps.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok']);
  });
});
