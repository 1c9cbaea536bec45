import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { eq } from 'drizzle-orm';
import { adapters } from '#db/schema/models.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { contentKey } from '#lib/platform/storage/content-address.ts';
import { findExportManifest, putExportManifest } from './export-manifest.ts';
import type { ExportFile, ExportFormat } from './types.ts';

/** lib/engine as the worker hands it in (worker/jobs/export-model.ts); each writes its files into `outDir`. */
export type ExportEngine = Readonly<
  Record<
    Exclude<ExportFormat, 'adapter'>,
    (input: { modelDir: string; adapterDir: string; outDir: string }) => Promise<void>
  >
>;

type ExportDeps = Pick<Deps, 'db' | 'store' | 'env' | 'log'>;

/**
 * Makes an export and stores its files, the manifest last. Runs as a job and may run twice. What the engine refuses by
 * name (a tokenizer that GGUF has no form for) is written to the manifest; other failures are thrown and tried again.
 *
 * @param workRoot folder for working files; may be lost at any time
 */
export async function exportModel(
  deps: ExportDeps,
  engine: ExportEngine,
  { adapterId, format, workRoot }: { adapterId: string; format: ExportFormat; workRoot: string },
): Promise<'stored' | 'refused' | 'skipped'> {
  if (format === 'adapter') return 'skipped'; // its files are stored since the training
  const [adapter] = await deps.db.select().from(adapters).where(eq(adapters.id, adapterId));
  if (!adapter) return 'skipped';
  const place = { adapterId, format };
  const before = await findExportManifest(deps.store, place);
  if (before && before.problem === null) return 'skipped';
  await mkdir(workRoot, { recursive: true });
  const workDir = await mkdtemp(join(workRoot, `${adapterId}-`));
  try {
    const adapterDir = join(workDir, 'adapter');
    const outDir = join(workDir, 'out');
    await fetchAdapterFiles(deps, adapter.objectPrefix, adapterDir);
    await engine[format]({ modelDir: join(deps.env.MODELS_DIR, adapter.baseModel), adapterDir, outDir });
    const files = await storeFiles(deps, outDir);
    await putExportManifest(deps.store, place, { files, problem: null });
    return 'stored';
  } catch (error) {
    const { code, message } = error as { code?: unknown; message: string };
    if (typeof code !== 'string' || !/^[a-z_]+$/.test(code)) throw error;
    deps.log.warn({ adapterId, format, err: error }, 'an export was refused by the engine');
    await putExportManifest(deps.store, place, { files: [], problem: message });
    return 'refused';
  } finally {
    await rm(workDir, { recursive: true, force: true });
  }
}

async function fetchAdapterFiles({ store }: ExportDeps, prefix: string, adapterDir: string): Promise<void> {
  await mkdir(adapterDir, { recursive: true });
  for (const name of ['adapter_config.json', 'adapter_model.safetensors']) {
    await writeFile(join(adapterDir, name), await store.get(`${prefix}/${name}`));
  }
}

/** By content, so that the base in the GGUF exports of a hundred models is one object. */
async function storeFiles({ store }: ExportDeps, outDir: string): Promise<ExportFile[]> {
  const files: ExportFile[] = [];
  for (const name of (await readdir(outDir)).sort()) {
    const path = join(outDir, name);
    const hash = createHash('sha256');
    await pipeline(createReadStream(path), hash);
    const sha256 = hash.digest('hex');
    const key = contentKey(`0x${sha256}`);
    if (!(await store.exists(key))) await store.putFile(key, path);
    files.push({ name, key, sizeBytes: (await stat(path)).size, sha256 });
  }
  return files;
}
