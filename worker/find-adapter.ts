import { eq } from 'drizzle-orm';
import { adapters } from '#db/schema/models.ts';
import { BaseError } from '#lib/kernel/base-error.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { StoredAdapter } from './adapter-disk-cache.ts';

export class AdapterNotFoundError extends BaseError {
  readonly code = 'adapter_not_found';
  readonly category = 'not-found';
  constructor(adapterId: string) {
    super('There is no such adapter.', { facts: { adapterId } });
  }
}

/** Name of the attribution index among an adapter's files (lib/model-factory/train-run.ts stores it). */
export const indexFileName = 'attribution.index';
/** The suffix index beside it. */
export const spanIndexFileName = 'spans.index';

/** Answering needs these two; the rest of an adapter's folder is for training and attribution. */
export const servedFiles = ['adapter_config.json', 'adapter_model.safetensors'];

/** `baseSha256`: of the base that it was trained on, where its manifest says so. */
export type AdapterRecord = StoredAdapter & { baseModel: string; baseSha256: string | undefined };

/** What the database knows of an adapter: where its files are, their hashes, and the base that it belongs to. */
export async function findAdapter(deps: Pick<Deps, 'db'>, adapterId: string): Promise<AdapterRecord> {
  const [row] = await deps.db.select().from(adapters).where(eq(adapters.id, adapterId));
  if (!row) throw new AdapterNotFoundError(adapterId);
  const { baseSha256 } = row.manifest as Record<string, unknown>;
  return {
    id: row.id,
    prefix: row.objectPrefix,
    required: servedFiles,
    hashes: {
      'adapter_model.safetensors': row.sha256,
      [indexFileName]: row.indexSha256,
      ...(row.spanIndexSha256 && { [spanIndexFileName]: row.spanIndexSha256 }),
    },
    baseModel: row.baseModel,
    baseSha256: typeof baseSha256 === 'string' ? baseSha256 : undefined,
  };
}
