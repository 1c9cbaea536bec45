import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attackRuns } from '#db/schema/attacks.ts';
import { startTrainingRun } from '#lib/model-factory/start-training-run.ts';
import {
  createFactory,
  type Factory,
  insertVersion,
  runInput,
  tinyRecipe,
} from '#lib/model-factory/test-support/factory-fixture.ts';
import type { Actor } from '#lib/platform/deps.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { openSandbox } from '#worker/jobs/run-attack.ts';
import { performAttackRun } from './perform-attack-run.ts';
import { findAttackRun, listAttackableVersions, listAttackResults, listOpenAttacks } from './queries.ts';
import { gainOf } from './rules.ts';
import type { StartAttackInput } from './schema.ts';
import { startAttack } from './start-attack.ts';
import { stopAttack } from './stop-attack.ts';

let database: TestDatabase;
let factory: Factory;
const visitor: Actor = { kind: 'visitor' };
const owner = `0x${'a'.repeat(40)}` as const;
const ask = (change: Partial<StartAttackInput> & { caller?: string } = {}) =>
  startAttack(factory, visitor, { versionId: 'dv_plain', attack: 'copy-1', seed: 1, caller: 'me', ...change });
const perform = (id: string) =>
  performAttackRun(factory, openSandbox(factory, tinyRecipe), { id, signal: new AbortController().signal });
const view = async (id: string) => (await findAttackRun(factory.db, id, 'me'))!;

beforeAll(async () => {
  database = await createTestDatabase();
  factory = await createFactory(database.db);
  await insertVersion(factory, { key: 'plain', owner, rowCount: 40 });
  await insertVersion(factory, { key: 'small', owner, rowCount: 25 });
  const alone = (i: number) => `0x${String(i + 1).padStart(40, '0')}` as const;
  await insertVersion(factory, {
    ...{ key: 'alone', owner, rowCount: 40 },
    changeRows: (rows) => rows.map((row, i) => ({ ...row, contributor: alone(i) })),
  });
});
afterAll(async () => {
  factory.remove();
  await database.close();
});

describe('attack runs', () => {
  it('answer the same question once, whoever asks, and count only what has to be run', async () => {
    const { id } = await ask();
    expect(await ask({ caller: 'somebody else' })).toEqual({ id });
    expect(factory.sent.filter((job) => job === `run-attack ${id}`)).toHaveLength(1);
    expect(await view(id)).toMatchObject({
      isOwn: true,
      run: { status: 'queued', place: 0, datanet: { slug: 'data-plain' } },
    });
    expect((await findAttackRun(factory.db, id, 'somebody else'))!.isOwn).toBe(false);
    for (let seed = 2; seed <= 12; seed++) await ask({ seed });
    await expect(ask({ seed: 13 })).rejects.toMatchObject({ code: 'too_many_requests' });
    expect(await ask()).toEqual({ id }); // what is known stays free
    for (let seed = 13; seed <= 20; seed++) await ask({ seed, caller: 'somebody else' });
    await expect(ask({ attack: 'spam', caller: 'a third' })).rejects.toMatchObject({ code: 'attack_queue_full' });
    factory.clock.ms += 7 * 3_600_000; // none of them was ever worked on: lost
    expect(await ask({ caller: 'a third' })).toEqual({ id });
    expect(factory.sent.filter((job) => job === `run-attack ${id}`)).toHaveLength(2);
    await factory.db.delete(attackRuns);
  });

  it('refuse versions that are not there or too small, which are not offered either', async () => {
    await expect(ask({ versionId: 'dv_none' })).rejects.toMatchObject({ code: 'version_not_found' });
    await expect(ask({ versionId: 'dv_small' })).rejects.toMatchObject({ code: 'version_not_trainable' });
    expect((await listAttackableVersions(factory.db, 30)).map(({ id }) => id)).toEqual(['dv_alone', 'dv_plain']);
  });

  it('train, index, ask and pay for real, and keep the result', async () => {
    const { id } = await ask({ caller: 'runs' });
    expect(await perform(id)).toBe('done');
    const { run } = await view(id);
    const result = run.result!;
    expect(run).toMatchObject({ status: 'done', progress: null, place: null });
    expect(result).toMatchObject({ isUnmoved: true, written: 20, copies: { same: 20 }, trained: 0, paidRows: 0 });
    expect(gainOf(result)).toBe(1);
    expect(result.attackerBefore + result.honestBefore).toBe(24 * 1_000_000);
    expect((await listAttackResults(factory.db, null)).map((one) => one.id)).toEqual([id]);
    expect(await perform(id)).toBe('skipped'); // the job may come twice
  });

  it('say in a sentence when there is nothing to measure', async () => {
    const { id } = await ask({ versionId: 'dv_alone', caller: 'fails' });
    expect(await perform(id)).toBe('failed');
    expect((await view(id)).run.errorMessage).toContain('nobody with three rows earned anything');
  });

  it('wait while a real training does, and stop for who started them alone', async () => {
    await startTrainingRun(factory, { kind: 'account', address: owner }, runInput('dv_plain'));
    const { id } = await ask({ attack: 'spam', caller: 'stops' });
    const running = perform(id);
    while ((await view(id)).run.status !== 'running') await sleep(20);
    expect((await view(id)).run.progress).toMatchObject({ stage: 'waiting' });
    expect((await listOpenAttacks(factory.db)).map((one) => one.id)).toEqual([id]);
    const stop = (caller: string) => stopAttack(factory, visitor, { id, caller });
    await expect(stop('me')).rejects.toMatchObject({ code: 'attack_run_forbidden' });
    await stop('stops');
    expect(await running).toBe('stopped');
    expect((await view(id)).run.status).toBe('stopped');
    expect(await ask({ attack: 'spam', caller: 'again' })).toEqual({ id }); // and may be asked for again
    expect((await view(id)).run.status).toBe('queued');
    await stopAttack(factory, visitor, { id, caller: 'again' });
    const [row] = await factory.db.select().from(attackRuns).where(eq(attackRuns.id, id));
    expect(row).toMatchObject({ status: 'stopped', requestedBy: 'again' });
  });
});
