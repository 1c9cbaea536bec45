import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { openDatabase } from '#db/client.ts';
import { createApiKey } from '#lib/platform/auth/create-api-key.ts';
import { revokeApiKey } from '#lib/platform/auth/revoke-api-key.ts';
import { readDeployment } from '#lib/platform/deployment.ts';

type Setting = 'APP_URL' | 'SERVE_URL' | 'DATABASE_URL' | 'RPC_URL' | 'DEPLOYMENT_FILE';
export type Installation = ReturnType<typeof openInstallation>;

/** A running OpenLedger by its data folder: what a gateway's benchmark needs of it. It is measured as it runs, not started. */
export function openInstallation(dataDir: string) {
  const read = (name: string) => JSON.parse(readFileSync(join(dataDir, name), 'utf8')) as unknown;
  const runtime = read('runtime.json') as Record<Setting, string>;
  const { internalToken } = read('secrets.json') as { internalToken: string };
  const processes = read('processes.json') as { name: string; pid: number }[];
  const { db, close } = openDatabase(runtime.DATABASE_URL, { max: 4 });
  const deps = { db, now: () => new Date(), randomBytes: (size: number) => new Uint8Array(randomBytes(size)) };
  const made: { owner: `0x${string}`; id: string }[] = [];
  return {
    ...{ deps, deployment: readDeployment(runtime.DEPLOYMENT_FILE), rpcUrl: runtime.RPC_URL },
    ...{ db, internalToken, url: runtime.APP_URL.replace(/\/$/, ''), serveUrl: runtime.SERVE_URL },
    webPid: processes.find(({ name }) => name === 'web')?.pid ?? null,
    /** A key of `owner`, over a budget that the measurement does not reach; `close` revokes it. */
    async keyOf(owner: `0x${string}`): Promise<string> {
      const input = { name: 'bench gateway', budgetWei: 5n * 10n ** 18n, expiresInDays: 1 };
      const { key, apiKey } = await createApiKey(deps, { kind: 'account', address: owner }, input);
      made.push({ owner, id: apiKey.id });
      return key;
    },
    async close(): Promise<void> {
      for (const { owner, id } of made) await revokeApiKey(deps, { kind: 'account', address: owner }, { id });
      await close();
    },
    async findModel(): Promise<{ slug: string; adapterId: string } | null> {
      const { rows } = await db.execute<{ slug: string; adapter_id: string }>(sql`
        select m.slug, m.adapter_id from models m
        where exists (select 1 from chain_events e where e.name = 'VersionPublished' and e.subject = m.version_hash)
        order by m.created_at desc limit 1`);
      return rows[0] ? { slug: rows[0].slug, adapterId: rows[0].adapter_id } : null;
    },
  };
}
