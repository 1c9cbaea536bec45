import { eq, sql } from 'drizzle-orm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exampleCounts } from '#db/schema/counts.ts';
import { contributions, datanets, type ExampleStatus, examples } from '#db/schema/datanets.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';

const statuses: ExampleStatus[] = ['pending', 'accepted', 'rejected', 'withdrawn'];
const account = (n: number) => `0x${String(n).padStart(40, '0')}`;
const at = new Date('2026-01-01T00:00:00Z');

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const terms = {
    domain: 'law',
    language: 'en',
    summary: '',
    description: '',
    license: 'CC0-1.0',
    rubric: [],
    fields: [],
  };
  for (const id of ['dn_0', 'dn_1']) {
    const named = { id, slug: id, title: id, owner: account(9), metaHash: `0x${id.at(-1)!.repeat(64)}`, createdAt: at };
    await database.db.insert(datanets).values({ ...terms, ...named });
    const sent = { id: `ctr_${id}`, datanetId: id, contributor: account(9), source: 'test', idempotencyKey: id };
    await database.db.insert(contributions).values({ ...sent, rowCount: 0, createdAt: at });
  }
});
afterAll(() => database.close());

const row = (n: number, datanet: number, who: number, status: ExampleStatus) => ({
  ...{ id: `ex_${n}`, datanetId: `dn_${datanet}`, contributionId: `ctr_dn_${datanet}`, contributor: account(who) },
  ...{ data: { prompt: String(n) }, contentHash: `0x${n.toString(16).padStart(64, '0')}`, status, createdAt: at },
});

/** What the triggers kept and what there is, both without zeros. */
async function keptAndCounted(db: Pick<TestDatabase['db'], 'execute'>) {
  const kept = await db.execute(sql`select datanet_id, status, contributor, rows, last_at from ${exampleCounts}
    where rows <> 0 order by 1, 2, 3`);
  const counted =
    await db.execute(sql`select datanet_id, status, contributor, count(*)::int as rows, max(created_at) as last_at
    from ${examples} group by 1, 2, 3 order by 1, 2, 3`);
  return [kept.rows, counted.rows];
}

describe('example_counts', () => {
  it('are what a count would find, whatever is inserted, changed, taken out or rolled back', async () => {
    const act = fc.record({
      what: fc.constantFrom('insert', 'change', 'move', 'remove', 'undo'),
      rows: fc.array(fc.nat(30), { minLength: 1, maxLength: 8 }),
      ...{ datanet: fc.nat(1), who: fc.nat(3), status: fc.constantFrom(...statuses) },
    });
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 12 }), async (acts) => {
        await database.db.delete(examples);
        for (const { what, rows, datanet, who, status } of acts) {
          const values = [...new Set(rows)].map((n) => row(n, datanet, (who + n) % 4, status));
          const ids = sql`id = any(${sql.param(values.map(({ id }) => id))}::text[])`;
          await database.db
            .transaction(async (tx) => {
              if (what === 'insert') await tx.insert(examples).values(values).onConflictDoNothing();
              if (what === 'change') await tx.update(examples).set({ status }).where(ids);
              if (what === 'move')
                await tx
                  .update(examples)
                  .set({ contributor: account(who) })
                  .where(ids);
              if (what === 'remove') await tx.delete(examples).where(ids);
              if (what !== 'undo') return;
              await tx.insert(examples).values(values).onConflictDoNothing();
              tx.rollback();
            })
            .catch((error) => expect(error.message).toContain('Rollback'));
        }
        const [kept, counted] = await keptAndCounted(database.db);
        expect(kept).toEqual(counted);
      }),
      { numRuns: 25 },
    );
  });

  it('are right when two write for the same account at once', async () => {
    await database.db.delete(examples);
    const write = (from: number) =>
      database.db.insert(examples).values(Array.from({ length: 50 }, (_, i) => row(from + i, 0, 1, 'pending')));
    await Promise.all([write(1000), write(2000), write(3000), write(4000)]);
    const [counts] = await database.db.select().from(exampleCounts).where(eq(exampleCounts.rows, 200));
    expect(counts).toMatchObject({ status: 'pending', contributor: account(1) });
  });
});
