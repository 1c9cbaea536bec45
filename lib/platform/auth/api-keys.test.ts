import { randomBytes } from 'node:crypto';
import { like } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiKeys, rateLimits } from '#db/schema/auth.ts';
import { createTestDatabase, type TestDatabase } from '#scripts/test/postgres.ts';
import { admitApiKey } from './admit-api-key.ts';
import { createApiKey } from './create-api-key.ts';
import { listApiKeys } from './queries.ts';
import { revokeApiKey } from './revoke-api-key.ts';
import { takeFromLimit } from './take-from-limit.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const owner = { kind: 'account', address: '0x70997970c51812dc3a010c7d01b50e0d17dc79c8' } as const;
const stranger = { kind: 'account', address: '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc' } as const;
const deps = () => ({ db: database.db, now: () => new Date('2026-11-21T12:00:00Z'), randomBytes });
const limit = { name: 'test', max: 3, windowSeconds: 60 };
const admit = async (key: string, at = deps()) => (await admitApiKey(at, key, limit))?.apiKey ?? null;
const input = { name: 'Night batch', budgetWei: 5n * 10n ** 18n };

describe('API keys', () => {
  it('are shown once, carry 32 random bytes, and are stored only as a hash', async () => {
    const { key, apiKey } = await createApiKey(deps(), owner, input);
    expect(key).toMatch(/^olk_[0-9A-Za-z]{43}$/);
    expect(await admit(key)).toMatchObject({
      id: apiKey.id,
      owner: owner.address,
      budgetWei: input.budgetWei,
    });
    expect(
      JSON.stringify(await database.db.select({ hash: apiKeys.keyHash, prefix: apiKeys.prefix }).from(apiKeys)),
    ).not.toContain(key);
    expect(await listApiKeys(deps(), owner.address)).not.toContainEqual(
      expect.objectContaining({ keyHash: expect.anything() }),
    );
  });
  it('need an account', async () => {
    await expect(createApiKey(deps(), { kind: 'visitor' }, input)).rejects.toMatchObject({ code: 'not_signed_in' });
  });
  it('work no more once revoked, and a second revocation changes nothing', async () => {
    const { key, apiKey } = await createApiKey(deps(), owner, input);
    const first = await revokeApiKey(deps(), owner, { id: apiKey.id });
    expect(await admit(key)).toBeNull();
    const later = { ...deps(), now: () => new Date('2026-11-22T12:00:00Z') };
    expect(await revokeApiKey(later, owner, { id: apiKey.id })).toEqual(first);
  });
  it('of others cannot be revoked or even be told from ones that do not exist', async () => {
    const { key, apiKey } = await createApiKey(deps(), owner, input);
    await expect(revokeApiKey(deps(), stranger, { id: apiKey.id })).rejects.toMatchObject({
      code: 'api_key_not_found',
    });
    expect(await admit(key)).not.toBeNull();
  });
  it('are counted with every use, under their owner, exactly, and note the time once a minute', async () => {
    const someone = { kind: 'account', address: '0x90f79bf6eb2c4f870365e785982e1f101e93b906' } as const;
    const { key, apiKey } = await createApiKey(deps(), someone, input);
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => admitApiKey(deps(), key, limit)));
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(limit.max);
    await expect(takeFromLimit(deps(), limit, someone.address)).rejects.toMatchObject({ code: 'too_many_requests' });
    const usedAt = async () =>
      (await listApiKeys(deps(), someone.address)).find(({ id }) => id === apiKey.id)?.lastUsedAt;
    const seconds = (n: number) => ({ ...deps(), now: () => new Date(deps().now().getTime() + n * 1000) });
    expect(await usedAt()).toEqual(deps().now());
    const wide = { ...limit, name: 'wide', max: 100 };
    await admitApiKey(seconds(30), key, wide);
    expect(await usedAt()).toEqual(deps().now());
    await admitApiKey(seconds(61), key, wide);
    expect(await usedAt()).toEqual(seconds(61).now());
  });
  it('count nothing for a key that is not known, and end by themselves', async () => {
    const { key } = await createApiKey(deps(), stranger, { ...input, expiresInDays: 1 });
    const later = { ...deps(), now: () => new Date('2026-11-23T12:00:00Z') };
    expect(await admit(key, later)).toBeNull();
    const counted = await database.db
      .select()
      .from(rateLimits)
      .where(like(rateLimits.key, `%${stranger.address}%`));
    expect(counted).toEqual([]);
    expect(await admit(key)).toMatchObject({ owner: stranger.address });
  });
  it.each(['', 'olk_', 'sk-123', `olk_${'0'.repeat(43)}`, `olk_${'0'.repeat(42)}'`])('refuse %j', async (key) => {
    expect(await admit(key)).toBeNull();
  });
});
