import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sessions } from '#db/schema/auth.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { createSession, deleteSession, findSession, sessionLifetimeSeconds } from './sessions.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const address = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
let now = new Date('2026-11-21T12:00:00Z');
const deps = () => ({ db: database.db, now: () => now, randomBytes });

describe('sessions', () => {
  it('finds the account of a token, and nothing for a token that differs in one character', async () => {
    const { token } = await createSession(deps(), address);
    expect(await findSession(deps(), token)).toMatchObject({ address });
    const changed = (token[0] === 'A' ? 'B' : 'A') + token.slice(1);
    expect(await findSession(deps(), changed)).toBeNull();
  });
  it('stores no token, so that a copy of the table opens nothing', async () => {
    const { token } = await createSession(deps(), address);
    const rows = await database.db.select().from(sessions);
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(token);
  });
  it('is over after a day', async () => {
    const { token } = await createSession(deps(), address);
    now = new Date(now.getTime() + sessionLifetimeSeconds * 1000);
    expect(await findSession(deps(), token)).toBeNull();
  });
  it('ends on the server: a stolen copy of the cookie is worthless after sign-out', async () => {
    const { token } = await createSession(deps(), address);
    await deleteSession(deps(), token);
    expect(await findSession(deps(), token)).toBeNull();
  });
});
