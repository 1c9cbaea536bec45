import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Address, Hex } from 'viem';
import { adapterCertificates } from '#db/schema/audits.ts';
import { contributions, datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { adapters, inferences, models, type RevenueSplit, trainingRuns } from '#db/schema/models.ts';
import { channels } from '#db/schema/settlement.ts';
import { attributeInference } from '#lib/attribution/attribute-inference.ts';
import type { Attributor, InfluenceScores } from '#lib/attribution/types.ts';
import { recordHarm } from '#lib/harm/record-harm.ts';
import { summariseNoise } from '#lib/kernel/noise-cut.ts';
import { pgBossQueue } from '#lib/platform/queue/job-queue.ts';
import { startQueue } from '#lib/platform/queue/start-queue.ts';
import { completeInference } from '#lib/serving/complete-inference.ts';
import { registerVoucher } from '#lib/serving/register-voucher.ts';
import { reserveInference } from '#lib/serving/reserve-inference.ts';
import type { Caller, ServableModel } from '#lib/serving/types.ts';
import type { Channel, SettlementWorld } from './settlement-world.ts';

export type Row = { id: string; contributor: Address };
export type SeededModel = { model: ServableModel; rows: Row[] };

const hashOf = (text: string): Hex => `0x${createHash('sha256').update(text).digest('hex')}`;

/** A Datanet version with the given rows, accepted by `curator`, and a model on it with that split and price. */
export async function seedModel(
  world: { database: Pick<SettlementWorld['database'], 'db'>; deps: Pick<SettlementWorld['deps'], 'now'> },
  input: {
    owner: Address;
    curator: Address;
    contributors: Address[];
    split: RevenueSplit;
    inputWei: bigint;
    outputWei: bigint;
  },
): Promise<SeededModel> {
  const { db, now } = { db: world.database.db, now: world.deps.now() };
  const createdAt = now;
  const owner = input.owner.toLowerCase();
  await db.insert(datanets).values({
    ...{
      id: 'dn_1',
      slug: 'settled',
      owner,
      title: 'Settled',
      domain: 'law',
      language: 'en',
      summary: 's',
      description: 'd',
    },
    ...{ rubric: [], fields: [], license: 'CC-BY-4.0', metaHash: hashOf('meta'), createdAt },
  });
  const rows = input.contributors.map((contributor, i) => ({
    id: `ex_${i}`,
    contributor: contributor.toLowerCase() as Address,
  }));
  for (const [i, row] of rows.entries()) {
    const contribution = { id: `ctr_${i}`, datanetId: 'dn_1', contributor: row.contributor, source: 'form' };
    await db.insert(contributions).values({ ...contribution, idempotencyKey: `k${i}`, rowCount: 1, createdAt });
    await db.insert(examples).values({
      ...{ id: row.id, datanetId: 'dn_1', contributionId: contribution.id, contributor: row.contributor, data: {} },
      ...{
        contentHash: hashOf(row.id),
        status: 'accepted',
        reviewedBy: input.curator,
        reviewedAt: createdAt,
        createdAt,
      },
    });
  }
  const counts = { rowCount: rows.length, contributorCount: new Set(rows.map((row) => row.contributor)).size };
  const version = {
    id: 'dv_1',
    datanetId: 'dn_1',
    number: 1,
    root: hashOf('root'),
    objectKey: 'x',
    frozenBy: owner,
    createdAt,
  };
  await db.insert(datanetVersions).values({ ...version, ...counts });
  await db
    .insert(versionExamples)
    .values(rows.map((row, leafIndex) => ({ versionId: 'dv_1', leafIndex, exampleId: row.id })));
  const model = await addModel(world, { ...input, n: 1, slug: 'settled', versionId: 'dv_1', datanetId: 'dn_1' });
  return { model, rows };
}

/** A trained model on a version that is there, with that split and price; `n` tells models apart. */
export async function addModel(
  world: { database: Pick<SettlementWorld['database'], 'db'>; deps: Pick<SettlementWorld['deps'], 'now'> },
  input: { n: number; slug: string; versionId: string; datanetId: string; owner: Address } & Omit<
    Parameters<typeof seedModel>[1],
    'curator' | 'contributors'
  >,
): Promise<ServableModel> {
  const { db } = world.database;
  const { n, slug, versionId, datanetId, split } = input;
  const [createdAt, owner, runId, adapterId] = [world.deps.now(), input.owner.toLowerCase(), `run_${n}`, `ad_${n}`];
  await db.insert(trainingRuns).values({
    ...{ id: runId, owner, name: 'r', versionId, baseModel: 'openledger-nano', preset: 'quick', recipe: {} },
    ...{ seed: 1, status: 'succeeded', idempotencyKey: runId, createdAt },
  });
  const files = { sha256: hashOf(`a${n}`), objectPrefix: `adapters/${adapterId}`, indexSha256: hashOf('i') };
  await db.insert(adapters).values({
    ...{ id: adapterId, runId, baseModel: 'openledger-nano', ...files },
    ...{ evalLoss: 1, baseEvalLoss: 2, manifest: {}, createdAt },
  });
  const prices = { inputWeiPerToken: input.inputWei, outputWeiPerToken: input.outputWei };
  const listed = { id: `mdl_${n}`, slug, name: 'Settled', owner: owner as Address, adapterId, versionId };
  await db.insert(models).values({ ...listed, ...prices, summary: '', split, versionHash: hashOf(`v${n}`), createdAt });
  const lineage = { baseModel: 'openledger-nano', parent: 'openledger-nano', canary: null, isPrivate: false };
  const open = { familyId: listed.id, access: 'everybody' as const };
  return { ...listed, ...prices, ...lineage, ...open, datanetId, createdAt };
}

/** Certifies the seeded model's adapter. */
export async function certifyModel(
  world: { database: Pick<SettlementWorld['database'], 'db'>; deps: Pick<SettlementWorld['deps'], 'now'> },
  alphaPpm: number,
): Promise<void> {
  const certificate = { status: 'certified' as const, alphaPpm, sha256: hashOf('c'), changedAt: world.deps.now() };
  await world.database.db
    .insert(adapterCertificates)
    .values({ adapterId: 'ad_1', ...certificate })
    .onConflictDoUpdate({ target: adapterCertificates.adapterId, set: certificate });
}

/** Answers as the gateway gives them, by its own use cases; only the tokens and the influence scores are made up. */
export async function openGateway(world: SettlementWorld) {
  const boss = await startQueue({ databaseUrl: world.database.url, supervise: false, onError: () => {} });
  const deps = { ...world.deps, queue: pgBossQueue(boss) };
  let asked = 0;
  return {
    queue: deps.queue,
    /**
     * Reserves, charges and attributes one answer; scores are by row id. Paid from a channel, by a transfer of its own (which the
     * caller makes), or not at all. Returns the fee and the receipt's id.
     */
    async ask(
      { model, rows }: SeededModel,
      by: Channel | { transferFrom: Address } | null,
      tokens: number,
      scores: Record<string, bigint>,
    ) {
      const channel = by && 'id' in by ? by : null;
      asked += 1;
      const caller = callerOf(by);
      const promptIds = Array.from({ length: 7 + asked }, (_, i) => i);
      const input = {
        model,
        messages: [],
        promptIds,
        maxTokens: tokens + 3,
        params: {},
        idempotencyKey: `ask-${asked}`,
      };
      if (channel) await payUpTo(world, channel, model, promptIds.length, tokens + 3);
      const reserved = await reserveInference(deps, caller, input);
      if ('completedInferenceId' in reserved) throw new Error('asked twice');
      const completionIds = Array.from({ length: tokens }, (_, i) => i);
      const answer = { output: 'answer', finishReason: 'stop' as const, promptIds, completionIds };
      const charged = await completeInference(deps, reserved, answer);
      const score = async () => influenceOf(rows.map((row) => ({ exampleId: row.id, score: scores[row.id] ?? 0n })));
      const valueRetrieval = () => Promise.reject(new Error('no row was read'));
      const attributor: Attributor = { score, findSpans: async () => null, valueRetrieval, recordHarm };
      await attributeInference(deps, attributor, reserved.inferenceId);
      const [row] = await world.database.db.select().from(inferences).where(eq(inferences.id, reserved.inferenceId));
      return { inferenceId: reserved.inferenceId, feeWei: charged?.feeWei ?? 0n, status: row?.attributionStatus };
    },
    close: () => boss.stop({ graceful: false }),
  };
}

function callerOf(by: Channel | { transferFrom: Address } | null): Caller {
  if (by === null) return { kind: 'free', callerKey: 'visitor' };
  if ('id' in by) return { kind: 'session', callerKey: by.payer, payer: by.payer };
  const payer = by.transferFrom.toLowerCase() as Address;
  return { kind: 'exact', callerKey: `exact:${payer}`, payer, amountWei: 10n ** 18n };
}

/** As the engine gives them, from made-up scores. */
function influenceOf(rows: InfluenceScores['rows']): InfluenceScores {
  const {
    sigma,
    cut: cutScore,
    positiveSum,
  } = summariseNoise(
    BigInt64Array.from(rows, (row) => row.score),
    'given',
  );
  const queryCodes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  return {
    ...{ sigma, cutScore, positiveSum, queryCodes, indexRows: rows.length, method: 'given' },
    rows: rows.filter((row) => row.score > cutScore),
    harmful: rows.filter((row) => row.score < -cutScore),
    queryCodesHash: createHash('sha256').update(queryCodes).digest('hex'),
    indexSha256: hashOf('i').slice(2),
  };
}

/** What the browser does on a 402: signs exactly what the answer may cost at most. */
async function payUpTo(
  world: SettlementWorld,
  channel: Channel,
  model: ServableModel,
  promptTokens: number,
  maxTokens: number,
) {
  const [row] = await world.database.db.select().from(channels).where(eq(channels.id, channel.id));
  const ceiling = BigInt(promptTokens) * model.inputWeiPerToken + BigInt(maxTokens) * model.outputWeiPerToken;
  const maxWei = (row?.chargedWei ?? 0n) + (row?.reservedWei ?? 0n) + ceiling;
  const signature = await world.signVoucher(channel, maxWei);
  const voucher = { channelId: channel.id, maxWei: maxWei.toString(), signature };
  await registerVoucher(world.deps, { kind: 'account', address: channel.payer }, voucher);
}
