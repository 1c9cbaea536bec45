import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import type { Database } from '#db/client.ts';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { encodeVersionRows, type VersionRow, versionTree } from '#lib/datanets/version-rows.ts';
import { createTinyModel } from '#lib/engine/io/test-support/tiny-model.ts';
import type { Deployment } from '#lib/platform/deployment.ts';
import type { Env } from '#lib/platform/env.ts';
import { putContent, sha256 } from '#lib/platform/storage/content-address.ts';
import { fileObjectStore } from '#lib/platform/storage/file-object-store.ts';
import { recipePresets } from '../recipes.ts';
import type { StartTrainingRunInput, TrainingRecipe } from '../schema.ts';

export const tinyBase = 'tiny';

/** Deps on a real database, store and model folder, with a clock that the test moves and a queue that keeps what was sent. */
export async function createFactory(db: Database) {
  const folder = mkdtempSync(join(tmpdir(), 'openledger-factory-'));
  await createTinyModel(join(folder, 'models', tinyBase));
  const clock = { ms: Date.UTC(2030, 0, 1) };
  const sent: string[] = [];
  return {
    db,
    env: { MODELS_DIR: join(folder, 'models') } as Env, // no price: training costs nothing
    deployment: { addresses: { revenueRouter: `0x${'7'.repeat(40)}` } } as Deployment,
    store: fileObjectStore(join(folder, 'objects')),
    log: pino({ level: 'silent' }),
    now: () => new Date(clock.ms),
    randomBytes: (size: number) => new Uint8Array(randomBytes(size)),
    queue: {
      send: async (name: string, _payload: unknown, { key }: { key: string }) => void sent.push(`${name} ${key}`),
    },
    clock,
    sent,
    folder,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
export type Factory = Awaited<ReturnType<typeof createFactory>>;

/**
 * A Datanet with a frozen version of `rowCount` rows, as freezeVersion leaves it. `changeRows` has the last word.
 */
export async function insertVersion(
  factory: Pick<Factory, 'db' | 'store' | 'now'>,
  input: {
    key: string;
    owner: string;
    rowCount: number;
    changeRows?: (rows: VersionRow[]) => VersionRow[];
  },
) {
  const { key, rowCount, changeRows = (rows) => rows } = input;
  const rows = changeRows(Array.from({ length: rowCount }, (_, i) => rowOf(key, i)));
  const metaHash = sha256(`meta ${input.key}`);
  const datanetId = `dn_${input.key}`;
  await factory.db.insert(datanets).values({
    id: datanetId,
    slug: `data-${input.key}`,
    owner: input.owner,
    title: `Data ${input.key}`,
    domain: 'law',
    language: 'en',
    summary: 's',
    description: 'd',
    rubric: [],
    fields: [
      { name: 'prompt', label: 'Prompt', maxChars: 200 },
      { name: 'completion', label: 'Completion', maxChars: 200 },
    ],
    license: 'CC-BY-4.0',
    metaHash,
    createdAt: factory.now(),
  });
  const { root } = versionTree(rows);
  const { key: objectKey } = await putContent(factory.store, encodeVersionRows(rows));
  const version = {
    id: `dv_${input.key}`,
    datanetId,
    number: 1,
    root,
    rowCount: rows.length,
    contributorCount: 2,
    objectKey,
    frozenBy: input.owner,
    createdAt: factory.now(),
  };
  await factory.db.insert(datanetVersions).values(version);
  return { ...version, metaHash, rows };
}

function rowOf(key: string, i: number): VersionRow {
  const data = { prompt: `what colour is house ${i}?`, completion: `house ${i} is red, said the old man.` };
  return {
    id: `ex_${key}_${String(i).padStart(4, '0')}`,
    contributor: `0x${String((i % 2) + 1).padStart(40, '0')}`,
    contentHash: sha256(`${key} ${i}`),
    contributedAt: 1_700_000_000 + i,
    data,
  };
}

/** A short recipe that learns something on the tiny base. */
export const tinyRecipe: TrainingRecipe = {
  ...recipePresets.quick,
  lora: { ...recipePresets.quick.lora, r: 2, loraAlpha: 4 },
  learningRate: 0.02,
  epochs: 3,
  batchSize: 8,
  maxSeqLength: 96,
  evalEverySteps: 4,
  checkpointEverySteps: 2,
};

export const runInput = (versionId: string, change: Partial<StartTrainingRunInput> = {}): StartTrainingRunInput => ({
  name: 'A run',
  versionId,
  baseModel: tinyBase,
  preset: 'custom',
  recipe: tinyRecipe,
  idempotencyKey: 'first launch',
  ...change,
});
