import { join } from 'node:path';
import { contributions, examples, versionExamples } from '#db/schema/datanets.ts';
import { type adapters, inferences, models } from '#db/schema/models.ts';
import { attributeInference } from '#lib/attribution/attribute-inference.ts';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import { renderChat } from '#lib/engine/tokenizer/chat.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { type Factory, type insertVersion, tinyBase } from './factory-fixture.ts';

const wallet = (n: number) => `0x${String(n).repeat(40)}` as const;
const split = { data: 6_000, model: 1_500, app: 500, infra: 1_000, validators: 1_000 };

/** The rows of a version as the tables have them. */
export async function storeRows(
  factory: Factory,
  version: Awaited<ReturnType<typeof insertVersion>>,
  reviewedBy: string | null,
): Promise<void> {
  const { db } = factory;
  const { id: versionId, datanetId, rows } = version;
  const [contribution] = await db
    .insert(contributions)
    .values({
      ...{ id: `ctr_${datanetId}`, datanetId, contributor: wallet(1), source: 'form', idempotencyKey: datanetId },
      ...{ rowCount: rows.length, createdAt: factory.now() },
    })
    .returning();
  await db.insert(examples).values(
    rows.map(({ id, contributor, data, contentHash }) => ({
      ...{ id, datanetId, contributionId: contribution!.id, contributor, data, contentHash, reviewedBy },
      ...{ status: 'accepted' as const, createdAt: factory.now() },
    })),
  );
  await db
    .insert(versionExamples)
    .values(rows.map(({ id: exampleId }, leafIndex) => ({ versionId, leafIndex, exampleId })));
}

/** A listed model of an adapter; `versionHash` decides whether it is live. */
export async function insertModel(
  factory: Factory,
  model: Pick<typeof models.$inferInsert, 'id' | 'slug' | 'owner' | 'adapterId' | 'versionId'> & {
    versionHash?: string;
  },
): Promise<void> {
  await factory.db.insert(models).values({
    ...{ name: model.slug, summary: '', split, inputWeiPerToken: 100n, outputWeiPerToken: 100n },
    ...{ versionHash: `0x${'9'.repeat(64)}`, createdAt: factory.now(), ...model },
  });
}

/** A paid answer of a model to a question about a cat, attributed by the real engine; the receipt of the `n`th is `rcp_n`. */
export async function answerAndAttribute(
  deps: Factory & Pick<Deps, 'operator'>,
  adapter: typeof adapters.$inferSelect,
  { modelId, n }: { modelId: string; n: number },
): Promise<void> {
  const { db } = deps;
  const modelDir = join(deps.folder, 'models', tinyBase);
  const adapterDir = join(deps.folder, 'objects', adapter.objectPrefix);
  const tokenizer = await Tokenizer.load(modelDir);
  const [ask, said] = ['where sleeps cat number 7?', 'cat 7 sleeps on the mat.'];
  const messages = [{ role: 'user' as const, content: ask }];
  await db.insert(inferences).values({
    ...{ id: `inf_${n}`, modelId, callerKey: 'k', idempotencyKey: String(n), status: 'completed', messages },
    ...{ params: {}, output: said, promptIds: renderChat(tokenizer, messages, { addGenerationPrompt: true }).ids },
    ...{ completionIds: tokenizer.encode(said), ceilingWei: 1000n, feeWei: 1000n, payer: wallet(8) },
    ...{ salt: `0x${'5'.repeat(64)}`, attributionStatus: 'queued' as const },
    ...{ heartbeatAt: deps.now(), createdAt: deps.now() },
  });
  const engine = AttributionEngine.open({ threads: 1 });
  const place = { modelDir, adapterDir, indexFile: join(adapterDir, 'attribution.index') };
  try {
    await attributeInference(
      deps,
      {
        score: ({ promptIds, completionIds }) => engine.score({ ...place, promptIds, completionIds }),
        findSpans: async () => null,
        valueRetrieval: () => Promise.reject(new Error('no row was read')),
        recordHarm: async () => {},
      },
      `inf_${n}`,
    );
  } finally {
    await engine.close();
  }
}
