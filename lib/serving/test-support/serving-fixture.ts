import { randomBytes } from 'node:crypto';
import { privateKeyToAccount } from 'viem/accounts';
import type { Database } from '#db/client.ts';
import { contributions, datanets, datanetVersions, examples, versionExamples } from '#db/schema/datanets.ts';
import { adapters, models, trainingRuns } from '#db/schema/models.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { voucherTypedData } from '#lib/kernel/voucher.ts';
import type { Deployment } from '#lib/platform/deployment.ts';

const word = (n: number) => `0x${n.toString(16).padStart(64, '0')}` as const;
export const addressOf = (n: number) => `0x${n.toString(16).padStart(40, '0')}` as const;

export const deployment: Deployment = {
  chainId: 31_337,
  startBlock: 0,
  addresses: {
    openToken: addressOf(0xa1),
    datanetRegistry: addressOf(0xa2),
    modelRegistry: addressOf(0xa3),
    inferenceChannels: addressOf(0xa4),
    revenueRouter: addressOf(0xa5),
    attributionLedger: addressOf(0xa6),
  },
  config: { windowSeconds: 60, protocolFeeBps: 500 },
};
export const payer = addressOf(0xbeef);
export const channelId = word(0xc1);
export const sessionKey = privateKeyToAccount(word(0x5e55));

/** Deps with a clock that the test moves and a queue that keeps what was sent. */
export function servingDeps(db: Database) {
  const sent: { name: string; key: string }[] = [];
  const clock = { ms: Date.UTC(2030, 0, 1) };
  return {
    db,
    deployment,
    now: () => new Date(clock.ms),
    randomBytes: (size: number) => new Uint8Array(randomBytes(size)),
    queue: {
      send: async (name: string, _payload: unknown, options: { key: string }) =>
        void sent.push({ name, key: options.key }),
    },
    clock,
    sent,
  };
}

/** A live model with two training rows, priced at 10 wei a token in and 100 out. */
export async function insertLiveModel(db: Database) {
  const at = new Date(0);
  const common = { createdAt: at };
  await db.insert(datanets).values({
    id: 'dn_1',
    slug: 'one',
    owner: addressOf(1),
    title: 'One',
    domain: 'law',
    language: 'en',
    summary: 's',
    description: 'd',
    rubric: [],
    fields: [{ name: 'prompt', label: 'Prompt', maxChars: 200 }],
    license: 'CC-BY-4.0',
    metaHash: word(1),
    ...common,
  });
  await db.insert(contributions).values({
    id: 'ctr_1',
    datanetId: 'dn_1',
    contributor: addressOf(2),
    source: 'form',
    idempotencyKey: 'k',
    rowCount: 2,
    ...common,
  });
  await db.insert(datanetVersions).values({
    id: 'dv_1',
    datanetId: 'dn_1',
    number: 1,
    root: word(2),
    rowCount: 2,
    contributorCount: 2,
    objectKey: 'sha256/x',
    frozenBy: addressOf(1),
    ...common,
  });
  for (const n of [1, 2]) {
    await db.insert(examples).values({
      id: `ex_${n}`,
      datanetId: 'dn_1',
      contributionId: 'ctr_1',
      contributor: addressOf(10 + n),
      data: { prompt: `row ${n}` },
      contentHash: word(10 + n),
      status: 'accepted',
      ...common,
    });
    await db.insert(versionExamples).values({ versionId: 'dv_1', leafIndex: n - 1, exampleId: `ex_${n}` });
  }
  await db.insert(trainingRuns).values({
    id: 'run_1',
    owner: addressOf(3),
    name: 'run',
    versionId: 'dv_1',
    baseModel: 'nano',
    preset: 'quick',
    recipe: {},
    seed: 0,
    status: 'succeeded',
    idempotencyKey: 'k',
    ...common,
  });
  await db.insert(adapters).values({
    id: 'ad_1',
    runId: 'run_1',
    baseModel: 'nano',
    sha256: word(3),
    objectPrefix: 'adapters/ad_1',
    indexSha256: word(4),
    evalLoss: 2,
    baseEvalLoss: 3,
    manifest: {},
    ...common,
  });
  await db.insert(models).values({
    id: 'mdl_1',
    slug: 'one-model',
    name: 'One model',
    summary: 's',
    owner: addressOf(3),
    adapterId: 'ad_1',
    versionId: 'dv_1',
    inputWeiPerToken: 10n,
    outputWeiPerToken: 100n,
    split: { data: 6000, model: 2000, app: 500, infra: 1000, validators: 500 },
    versionHash: word(5),
    ...common,
  });
  await insertEvent(db, 1, 'modelRegistry', 'VersionPublished', word(5), {});
}

/** What the indexer stores for an opened channel with a deposit. */
export async function insertChannel(db: Database, depositWei: bigint) {
  await insertEvent(db, 2, 'inferenceChannels', 'Opened', channelId, {
    id: channelId,
    payer,
    receiver: deployment.addresses.revenueRouter,
    signer: sessionKey.address.toLowerCase(),
    delay: '3600',
    salt: word(0),
  });
  await insertEvent(db, 3, 'inferenceChannels', 'Deposited', channelId, {
    id: channelId,
    from: payer,
    amount: depositWei.toString(),
    balance: depositWei.toString(),
  });
}

export async function insertEvent(
  db: Database,
  blockNumber: number,
  contract: string,
  name: string,
  subject: string,
  args: Record<string, string>,
) {
  await db.insert(chainEvents).values({
    blockNumber,
    logIndex: 0,
    blockHash: word(blockNumber),
    txHash: word(blockNumber),
    contract,
    name,
    subject,
    args,
  });
}

/** A voucher of the channel, signed as the browser signs it. */
export async function signVoucher(maxWei: bigint, signer = sessionKey) {
  const domain = { chainId: deployment.chainId, inferenceChannels: deployment.addresses.inferenceChannels };
  const signature = await signer.signTypedData(voucherTypedData(domain, { channelId, maxClaimableWei: maxWei }));
  return { channelId, maxWei: maxWei.toString(), signature };
}
