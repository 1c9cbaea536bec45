import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eq } from 'drizzle-orm';
import { parseEther } from 'viem';
import { adapterCertificates } from '#db/schema/audits.ts';
import { datanetVersions } from '#db/schema/datanets.ts';
import {
  adapters,
  attributionParts,
  attributionRows,
  attributionShares,
  inferences,
  receipts,
} from '#db/schema/models.ts';
import { attributeInference } from '#lib/attribution/attribute-inference.ts';
import type { Attributor } from '#lib/attribution/types.ts';
import { findRoles } from '#lib/contributions/find-roles.ts';
import { encodeVersionRows, type VersionRow, versionTree } from '#lib/datanets/version-rows.ts';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import { createTinyModel } from '#lib/engine/io/test-support/tiny-model.ts';
import { renderChat } from '#lib/engine/tokenizer/chat.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { runAdapterTraining } from '#lib/engine/train/adapter-run.ts';
import type { ChatExample } from '#lib/engine/train/prepare-examples.ts';
import { recipePresets } from '#lib/engine/train/recipe.ts';
import { type ReceiptBody2, receiptHash } from '#lib/kernel/receipt.ts';
import { hashFile } from '#lib/platform/file-source.ts';
import { putContent } from '#lib/platform/storage/content-address.ts';
import { openGateway, type SeededModel, seedModel } from '#scripts/audit/test-support/paid-answers.ts';
import {
  type Channel,
  openSettlementWorld,
  type SettlementWorld,
} from '#scripts/audit/test-support/settlement-world.ts';
import { certificateOf } from '#scripts/bench/repro/issue-receipts.ts';
import { devnetAccount } from '#scripts/contracts/devnet-config.ts';

const alphaPpm = 700_000;
const things = ['cat', 'dog', 'man', 'river'];
const places = ['the mat', 'a red house', 'the north'];
const examples = Array.from(
  { length: 12 },
  (_, i): ChatExample => ({
    id: `ex_${i}`,
    messages: [
      { role: 'user', content: `${['what', 'where', 'who'][i % 3]} is the ${things[i % 4]}?` },
      { role: 'assistant', content: `it is ${places[i % 3]}, said the ${things[(i + 1) % 4]}.` },
    ],
  }),
);
const preset = recipePresets.quick;
const quiet = { evalEverySteps: 0, checkpointEverySteps: 0 };
const recipe = { ...preset, lora: { ...preset.lora, r: 4, loraAlpha: 8 }, learningRate: 5e-3, epochs: 20, ...quiet };

/**
 * Settlement's world (real chain, database, store) with a real tiny model behind it: trained adapter, index, version file and
 * certificate are stored as the product stores them, and answers are attributed by the engine.
 */
export async function openAttributedWorld(windowSeconds: number) {
  const root = await mkdtemp(join(tmpdir(), 'attributed-'));
  const world = await openSettlementWorld({ windowSeconds });
  const [payer, key] = [devnetAccount(5), devnetAccount(6)];
  const channel = await world.openChannel(payer, key, parseEther('1'));
  await world.index();
  const gateway = await openGateway(world);
  const seeded = await seedModel(world, {
    owner: devnetAccount(3).address,
    curator: devnetAccount(4).address,
    contributors: examples.map((_, i) => devnetAccount(1 + (i % 2)).address),
    split: { data: 6_000, model: 2_000, app: 200, infra: 800, validators: 1_000 },
    ...{ inputWei: 1_000_003n, outputWei: 7_000_001n },
  });
  const place = await trainModel(root, world);
  const engine = AttributionEngine.open({ threads: 1 });
  const tokenizer = await Tokenizer.load(place.modelDir);
  return {
    ...world,
    seeded,
    queue: gateway.queue,
    place,
    env: { MODELS_DIR: root },
    payer: channel.payer,
    /** A paid answer to a row's own question, charged and attributed; returns its receipt's id. */
    ask: (row: number) => askReally({ world, gateway, seeded, channel, engine, tokenizer, place }, row),
    forge: (receiptId: string, change: (body: ReceiptBody2) => void) => forge(world, receiptId, change),
    async close() {
      await engine.close();
      await gateway.close();
      await world.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

type Place = { modelDir: string; adapterDir: string; indexFile: string };

/** Trains and indexes the rows, and puts hashes and files where the seeded model's records say that they are. */
async function trainModel(root: string, { database: { db }, deps }: SettlementWorld): Promise<Place> {
  const modelDir = await createTinyModel(join(root, 'openledger-nano'));
  const adapterDir = join(root, 'adapter');
  await mkdir(adapterDir);
  const input = { modelDir, outDir: adapterDir, train: examples, evaluation: examples.slice(0, 1), datasetRoot: '0x' };
  for await (const _ of runAdapterTraining({ ...input, recipe, threads: 1 }, () => false));
  const indexFile = join(root, 'attribution.index');
  const engine = AttributionEngine.open({ threads: 1 });
  const { sha256 } = await engine.buildIndex({ modelDir, adapterDir, examples, outFile: indexFile });
  await engine.close();
  const version = await storeVersion({ db, store: deps.store });
  const weights = join(adapterDir, 'adapter_model.safetensors');
  const hashes = { sha256: `0x${await hashFile(weights)}`, indexSha256: `0x${sha256}` };
  await db.update(adapters).set(hashes).where(eq(adapters.id, 'ad_1'));
  for (const [name, path] of [
    ['adapter_config.json', join(adapterDir, 'adapter_config.json')],
    ['adapter_model.safetensors', weights],
    ['attribution.index', indexFile],
  ] as const) {
    await deps.store.put(`adapters/ad_1/${name}`, await readFile(path));
  }
  const subject = { adapterSha256: hashes.sha256, indexSha256: hashes.indexSha256, versionRoot: version.root };
  const certificate = await putContent(deps.store, certificateOf(subject, alphaPpm));
  const state = { status: 'certified' as const, alphaPpm, sha256: certificate.hash, changedAt: deps.now() };
  await db.insert(adapterCertificates).values({ adapterId: 'ad_1', ...state });
  return { modelDir, adapterDir, indexFile };
}

async function storeVersion({ db, store }: Pick<SettlementWorld['deps'], 'db' | 'store'>) {
  const roles = await findRoles(
    db,
    examples.map(({ id }) => id),
  );
  const rows = examples.map(({ id, messages }, i): VersionRow => {
    const lineage = roles.get(id)!;
    const contentHash = `0x${String(i + 1).padStart(64, '0')}` as const;
    const data = { question: messages[0]!.content, answer: messages[1]!.content };
    return { id, contributor: lineage[0]!.account, contentHash, contributedAt: 1_800_000_000, data, lineage };
  });
  const { root } = versionTree(rows);
  const { key: objectKey } = await putContent(store, encodeVersionRows(rows));
  await db.update(datanetVersions).set({ root, objectKey }).where(eq(datanetVersions.id, 'dv_1'));
  return { root };
}

type Asking = {
  world: SettlementWorld;
  gateway: Awaited<ReturnType<typeof openGateway>>;
  seeded: SeededModel;
  channel: Channel;
  engine: AttributionEngine;
  tokenizer: Tokenizer;
  place: Place;
};

/** `gateway.ask` charges an answer with made-up tokens; the real ones take their place and are attributed instead. */
async function askReally({ world, gateway, seeded, channel, engine, tokenizer, place }: Asking, row: number) {
  const { db } = world.database;
  const [ask, said] = examples[row]!.messages;
  const completionIds = tokenizer.encode(said!.content);
  const { inferenceId } = await gateway.ask(seeded, channel, 3, {});
  for (const table of [attributionParts, attributionRows, attributionShares, receipts]) {
    await db.delete(table).where(eq(table.inferenceId, inferenceId));
  }
  const real = {
    messages: [{ role: 'user' as const, content: ask!.content }],
    output: said!.content,
    promptIds: renderChat(tokenizer, [ask!], { addGenerationPrompt: true }).ids,
    ...{ completionIds, attributionStatus: 'queued' as const },
  };
  await db.update(inferences).set(real).where(eq(inferences.id, inferenceId));
  const attributor: Attributor = {
    score: ({ promptIds, completionIds: ids }) => engine.score({ ...place, promptIds, completionIds: ids }),
    findSpans: async () => null,
    valueRetrieval: () => Promise.reject(new Error('no row was read')),
    recordHarm: async () => {},
  };
  await attributeInference(world.deps, attributor, inferenceId);
  return inferenceId.replace('inf_', 'rcp_');
}

/** What somebody with the database and the gateway's key can do: another body, hashed and signed as if it had always been so. */
async function forge(
  { deps }: SettlementWorld,
  receiptId: string,
  change: (body: ReceiptBody2) => void,
): Promise<void> {
  const [row] = await deps.db.select().from(receipts).where(eq(receipts.id, receiptId));
  const body = structuredClone(row!.body) as ReceiptBody2;
  change(body);
  const hash = receiptHash(body);
  const signature = await deps.operator.signMessage!({ message: { raw: hash } });
  await deps.db.update(receipts).set({ body, hash, signature }).where(eq(receipts.id, receiptId));
}
