import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rateLimits } from '#db/schema/auth.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { takeFromLimit } from './take-from-limit.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

let now = new Date('2026-11-21T12:00:10Z');
const deps = () => ({ db: database.db, now: () => now });
const limit = { name: 'test', max: 10, windowSeconds: 60 };

describe('takeFromLimit', () => {
  it('lets exactly the limit through under a hundred parallel requests', async () => {
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => takeFromLimit(deps(), limit, 'a')));
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(10);
  });
  it('says how long to wait, and counts each subject apart', async () => {
    await expect(takeFromLimit(deps(), limit, 'a')).rejects.toMatchObject({
      code: 'too_many_requests',
      retryAfterSeconds: 50,
    });
    await expect(takeFromLimit(deps(), limit, 'b')).resolves.toMatchObject({ used: 1 });
  });
  it('starts again with the next window and clears the old one away', async () => {
    now = new Date('2026-11-21T12:01:00Z');
    await expect(takeFromLimit(deps(), limit, 'a')).resolves.toMatchObject({ used: 1 });
    expect(await database.db.select().from(rateLimits)).toHaveLength(1);
  });
});
