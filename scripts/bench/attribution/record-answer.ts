import { privateKeyToAccount } from 'viem/accounts';
import { attributeShares } from '#lib/attribution/rules.ts';
import type { InferenceScores } from '#lib/engine/attribution/score-inference.ts';
import { canonicalJson, type Json } from '#lib/kernel/canonical-json.ts';
import { type ReceiptBody, receiptHash } from '#lib/kernel/receipt.ts';

const signer = privateKeyToAccount(`0x${'11'.repeat(32)}`);
const contributors = 1000;

/** What follows the scores: shares, receipt, hash and signature, as lib/attribution makes them, without the database. */
export async function recordAnswer(scores: InferenceScores): Promise<{ body: ReceiptBody; signature: string }> {
  const owned = scores.rows.map((row) => ({ ...row, contributor: contributorOf(row.exampleId) }));
  const { confident, cutScore, rows, shares } = attributeShares(owned, scores.cutScore);
  const zeroHash = `0x${'0'.repeat(64)}`;
  const body: ReceiptBody = {
    ...{ version: 1, id: 'rcp_bench', inferenceId: 'inf_bench', issuedAt: new Date(0).toISOString() },
    ...{ gateway: signer.address, payer: null, channelId: null, requestHash: zeroHash, outputHash: zeroHash },
    model: { id: 'mdl_bench', versionHash: zeroHash, adapterSha256: zeroHash, baseModel: 'openledger-nano' },
    datanet: { id: 'dn_bench', versionId: 'dv_bench', number: 1, root: zeroHash },
    tokens: { prompt: 100, completion: scores.tunedLogprobs.length },
    price: { inputWeiPerToken: '1', outputWeiPerToken: '1' },
    feeWei: '500',
    split: { data: 7000, model: 2000, app: 500, infra: 400, validators: 100 },
    attribution: {
      ...{ method: scores.method, indexSha256: scores.indexSha256, queryCodesHash: scores.queryCodesHash, confident },
      cutScore: cutScore.toString(),
      rows: rows.map((row) => ({ ...row, score: row.score.toString() })),
      shares,
    },
  };
  canonicalJson(body as unknown as Json);
  const hash = receiptHash(body);
  return { body, signature: await signer.signMessage({ message: { raw: hash } }) };
}

function contributorOf(exampleId: string): `0x${string}` {
  return `0x${String(Number(exampleId.slice(3)) % contributors).padStart(40, '0')}`;
}
