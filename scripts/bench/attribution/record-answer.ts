import { privateKeyToAccount } from 'viem/accounts';
import type { InferenceScores } from '#lib/engine/attribution/score-inference.ts';
import { attributeShares } from '#lib/kernel/attribute-shares.ts';
import { type ReceiptBody2, receiptHash } from '#lib/kernel/receipt.ts';
import { receiptSchema } from '#lib/kernel/receipt-schema.ts';
import type { LineageAct } from '#lib/kernel/role-shares.ts';

const signer = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const contributors = 1000;

/** What follows the scores: shares, receipt, hash and signature, as lib/attribution makes them, without the database. */
export async function recordAnswer(scores: InferenceScores): Promise<{ body: ReceiptBody2; signature: string }> {
  const owned = scores.rows.map((row) => ({ ...row, lineage: lineageOf(row.exampleId) }));
  const alphaPpm = 700_000;
  const { explainedPpm, rows, shares, commonPpm } = attributeShares(owned, { ...scores, alphaPpm });
  const zeroHash = `0x${'0'.repeat(64)}`;
  const body = receiptSchema.parse({
    ...{ version: 2, id: 'rcp_bench', inferenceId: 'inf_bench', issuedAt: new Date(0).toISOString() },
    ...{
      gateway: signer.address.toLowerCase() as `0x${string}`,
      payer: null,
      channelId: null,
      requestHash: zeroHash,
      outputHash: zeroHash,
    },
    model: { id: 'mdl_bench', versionHash: zeroHash, adapterSha256: zeroHash, baseModel: 'openledger-nano' },
    datanet: { id: 'dn_bench', versionId: 'dv_bench', number: 1, root: zeroHash },
    tokens: { prompt: 100, completion: scores.tunedLogprobs.length },
    price: { inputWeiPerToken: '1', outputWeiPerToken: '1' },
    feeWei: '500',
    split: { data: 7000, model: 2000, app: 500, infra: 400, validators: 100 },
    attribution: {
      ...{ method: scores.method, indexSha256: scores.indexSha256, indexRows: scores.indexRows },
      ...{ queryCodesHash: scores.queryCodesHash, basis: 'influence', explainedPpm, shares, commonPpm },
      certificate: { sha256: zeroHash, status: 'certified', alphaPpm },
      sigma: scores.sigma.toString(),
      cutScore: scores.cutScore.toString(),
      positiveSum: scores.positiveSum.toString(),
      rows: rows.map((row) => ({ ...row, score: row.score.toString() })),
    },
  });
  const hash = receiptHash(body);
  return { body, signature: await signer.signMessage({ message: { raw: hash } }) };
}

function lineageOf(exampleId: string): LineageAct[] {
  const account = `0x${String(Number(exampleId.slice(3)) % contributors).padStart(40, '0')}` as const;
  return [
    { role: 'collect', account },
    { role: 'review', account: signer.address.toLowerCase() as `0x${string}` },
  ];
}
