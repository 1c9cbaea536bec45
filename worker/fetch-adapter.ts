import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { eq } from 'drizzle-orm';
import { adapters } from '#db/schema/models.ts';
import { BaseError } from '#lib/kernel/base-error.ts';
import type { Deps } from '#lib/platform/deps.ts';

export class AdapterNotFoundError extends BaseError {
  readonly code = 'adapter_not_found';
  readonly category = 'not-found';
  constructor(adapterId: string) {
    super('There is no such adapter.', { facts: { adapterId } });
  }
}

/** An adapter's files on this machine, and the base model that it belongs to. */
export type LocalAdapter = { id: string; dir: string; baseModel: string };

/**
 * Brings an adapter's files from the object store to `.data/adapter-cache/<id>/` (beside the object folder), once. The
 * folder appears whole or not at all, so several processes may fetch at the same time; it may be deleted at any time.
 */
export async function fetchAdapter(deps: Pick<Deps, 'db' | 'store' | 'env'>, adapterId: string): Promise<LocalAdapter> {
  const [row] = await deps.db
    .select({ baseModel: adapters.baseModel, objectPrefix: adapters.objectPrefix })
    .from(adapters)
    .where(eq(adapters.id, adapterId));
  if (!row) throw new AdapterNotFoundError(adapterId);
  const dir = join(resolve(dirname(deps.env.OBJECT_STORE_DIR)), 'adapter-cache', adapterId);
  if (!existsSync(dir)) await download(deps, row.objectPrefix, dir);
  return { id: adapterId, dir, baseModel: row.baseModel };
}

async function download(deps: Pick<Deps, 'store'>, prefix: string, dir: string): Promise<void> {
  const keys = await deps.store.list(prefix);
  if (keys.length === 0) throw new AdapterNotFoundError(prefix);
  const temporary = `${dir}.${randomUUID()}.tmp`;
  await mkdir(temporary, { recursive: true });
  try {
    for (const key of keys) {
      const path = join(temporary, key.slice(prefix.length + 1));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, await deps.store.get(key));
    }
    await rename(temporary, dir);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(dir)) throw error; // otherwise another process was faster
  }
}
