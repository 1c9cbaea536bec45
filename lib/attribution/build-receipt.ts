import type { datanetVersions } from '#db/schema/datanets.ts';
import type { adapters, inferences, models } from '#db/schema/models.ts';
import type { Certificate } from '#lib/audits/types.ts';
import type { AttributedShares } from '#lib/kernel/attribute-shares.ts';
import { derivedId } from '#lib/kernel/ids.ts';
import { type IssuedBody, outputHash, requestHash, spansHash } from '#lib/kernel/receipt.ts';
import { receipt3Schema, receiptSchema } from '#lib/kernel/receipt-schema.ts';
import type { RetrievalBlock } from './attribute-retrieval.ts';
import type { AnswerSpans, InfluenceScores } from './types.ts';

/** What a receipt says an answer is, in the order in which it came about. */
export type ReceiptFacts = {
  inference: typeof inferences.$inferSelect;
  model: typeof models.$inferSelect;
  adapter: typeof adapters.$inferSelect;
  version: typeof datanetVersions.$inferSelect;
  certificate: Certificate;
  scores: InfluenceScores;
  attributed: AttributedShares;
  /** Null when no row stood in the prompt. */
  retrieval: RetrievalBlock | null;
  spans: AnswerSpans | null;
  /** The task for which an app asked; null: nobody's. */
  task: { id: string; hash: string; app: string } | null;
  gateway: `0x${string}`;
  issuedAt: Date;
};

/** The body that the gateway signs. Throws zod's error, before anything is signed, where it would not be a receipt. */
export function buildReceipt(facts: ReceiptFacts): IssuedBody {
  const { inference, model, adapter, version } = facts;
  const salt = inference.salt as `0x${string}`;
  const body = {
    id: derivedId('receipt', inference.id),
    inferenceId: inference.id,
    issuedAt: facts.issuedAt.toISOString(),
    gateway: facts.gateway.toLowerCase(),
    payer: inference.payer,
    channelId: inference.channelId,
    requestHash: requestHash(salt, inference.messages),
    outputHash: outputHash(salt, inference.output ?? ''),
    model: {
      id: model.id,
      versionHash: model.versionHash,
      adapterSha256: adapter.sha256,
      baseModel: adapter.baseModel,
    },
    datanet: { id: version.datanetId, versionId: version.id, number: version.number, root: version.root },
    tokens: { prompt: inference.promptIds?.length ?? 0, completion: inference.completionIds?.length ?? 0 },
    price: {
      inputWeiPerToken: model.inputWeiPerToken.toString(),
      outputWeiPerToken: model.outputWeiPerToken.toString(),
    },
    feeWei: inference.feeWei.toString(),
    split: model.split,
    attribution: attributionOf(facts, salt),
  };
  const { task } = facts;
  return task ? receipt3Schema.parse({ version: 3, task, ...body }) : receiptSchema.parse({ version: 2, ...body });
}

function attributionOf({ scores, attributed, certificate, retrieval, spans }: ReceiptFacts, salt: `0x${string}`) {
  const { method, indexSha256, indexRows, queryCodesHash, sigma, cutScore, positiveSum } = scores;
  return {
    ...{ method, indexSha256, indexRows, queryCodesHash },
    certificate,
    basis: certificate.status === 'certified' ? 'influence' : 'flat',
    sigma: sigma.toString(),
    cutScore: cutScore.toString(),
    positiveSum: positiveSum.toString(),
    explainedPpm: attributed.explainedPpm,
    rows: attributed.rows.map((row) => ({ ...row, score: row.score.toString() })),
    shares: attributed.shares,
    commonPpm: attributed.commonPpm,
    ...(retrieval && {
      retrieval: { ...retrieval, rows: retrieval.rows.map((row, i) => ({ ...row, ...attributed.retrieved[i] })) },
    }),
    ...(spans && {
      spans: { indexSha256: spans.indexSha256, count: spans.spans.length, hash: spansHash(salt, spans.spans) },
    }),
  };
}
