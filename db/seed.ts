import { randomBytes } from 'node:crypto';
import { createChainClient } from '#lib/platform/chain/client.ts';
import { readDeployment } from '#lib/platform/deployment.ts';
import type { Env } from '#lib/platform/env.ts';
import { openObjectStore } from '#lib/platform/storage/open-object-store.ts';
import { openDatabase } from './client.ts';
import { seedSamples } from './seed/seed-samples.ts';

/**
 * Step of `npm start`: loads the sample data and says in a few words what is there. Needs the migrated database and the
 * deployed contracts, no other process.
 */
export async function seed(env: Env, note: (text: string) => void): Promise<string> {
  const { db, close } = openDatabase(env.DATABASE_URL, { max: 2 });
  try {
    const deps = {
      db,
      env,
      store: openObjectStore(env),
      chain: createChainClient(env),
      deployment: readDeployment(env.DEPLOYMENT_FILE),
      now: () => new Date(),
      randomBytes: (size: number) => new Uint8Array(randomBytes(size)),
    };
    const { datanets, rows, changed } = await seedSamples(deps, { onStep: note });
    if (datanets === 0) return 'none: sample people have published keys, so they live on the devnet only';
    return `${datanets} Datanets, ${rows} rows${changed > 0 ? `, ${changed} loaded now` : ''}`;
  } finally {
    await close();
  }
}
