import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Address, Hex, LocalAccount } from 'viem';
import { AttributionEngine } from '#lib/engine/attribution/attribution-engine.ts';
import type { ModelPlace } from '#lib/engine/attribution/attribution-service.ts';
import { renderChat } from '#lib/engine/tokenizer/chat.ts';
import { Tokenizer } from '#lib/engine/tokenizer/tokenizer.ts';
import { sha256OfFile } from '#lib/engine/train/checkpoint.ts';
import type { ChatExample } from '#lib/engine/train/prepare-examples.ts';
import { attributeShares } from '#lib/kernel/attribute-shares.ts';
import { canonicalJson } from '#lib/kernel/canonical-json.ts';
import { conversationsOf, cutPassage, promptTemplate, promptWithRows } from '#lib/kernel/prompt-with-rows.ts';
import { outputHash, type ReceiptBody2, receiptHash, requestHash } from '#lib/kernel/receipt.ts';
import { receiptSchema } from '#lib/kernel/receipt-schema.ts';
import { creditRetrieval } from '#lib/kernel/retrieval-credit.ts';
import type { AnswerFile, VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';

/** An issued receipt with the files that belong to it alone. */
export type IssuedReceipt = {
  body: ReceiptBody2;
  hash: Hex;
  signature: Hex;
  codes: Uint8Array;
  answer: AnswerFile;
};

export type ReceiptTerms = {
  gateway: LocalAccount;
  version: VersionLineage;
  indexFile: string;
  certificate: Uint8Array;
  alphaPpm: number;
};

const wordsOfHash = (text: string): Hex => `0x${createHash('sha256').update(text).digest('hex')}`;
const answerTokens = 24;
const passageChars = 40;

/** Answers of the adapter's own rows, scored by the engine, shared out and signed as the product does; the database is not in it. */
export async function issueReceipts(
  place: ModelPlace,
  questions: readonly ChatExample[],
  terms: ReceiptTerms,
): Promise<IssuedReceipt[]> {
  const tokenizer = await Tokenizer.load(place.modelDir);
  const adapterSha256: Hex = `0x${await sha256OfFile(join(place.adapterDir, 'adapter_model.safetensors'))}`;
  const engine = AttributionEngine.open({ threads: 1 });
  try {
    const issued: IssuedReceipt[] = [];
    for (const [i, question] of questions.entries()) {
      const read = i % 4 === 1 ? [1, 2].map((next) => questions[(i + next) % questions.length]!) : [];
      const answer = answerOf(tokenizer, question, read, i);
      const { promptIds, completionIds } = answer;
      const scores = await engine.score({ ...place, promptIds, completionIds, indexFile: terms.indexFile });
      const conversations = conversationsOf(answer.messages, answer.passages);
      const values =
        read.length > 0 ? await engine.subsetValues({ ...place, conversations, promptIds, completionIds }) : null;
      const body = bodyOf(i, answer, { scores, values, read }, adapterSha256, terms);
      const hash = receiptHash(body);
      const signature = await terms.gateway.signMessage({ message: { raw: hash } });
      issued.push({ body, hash, signature, codes: scores.queryCodes, answer });
    }
    return issued;
  } finally {
    await engine.close();
  }
}

function answerOf(tokenizer: Tokenizer, example: ChatExample, read: readonly ChatExample[], i: number): AnswerFile {
  const [ask, said] = example.messages;
  const completionIds = tokenizer.encode(said!.content).slice(0, answerTokens);
  const passages = read.map(({ messages }) =>
    cutPassage(messages.map(({ content }) => content).join('\n'), passageChars),
  );
  const messages = [{ role: 'user' as const, content: ask!.content }];
  const prompt = promptWithRows(messages, passages);
  return {
    salt: wordsOfHash(`salt ${i}`),
    messages,
    output: tokenizer.decode(completionIds),
    promptIds: renderChat(tokenizer, prompt, { addGenerationPrompt: true }).ids,
    completionIds,
    passages,
  };
}

type Measured = {
  scores: Awaited<ReturnType<AttributionEngine['score']>>;
  values: Awaited<ReturnType<AttributionEngine['subsetValues']>> | null;
  read: readonly ChatExample[];
};

function bodyOf(
  i: number,
  answer: AnswerFile,
  { scores, values, read }: Measured,
  adapterSha256: Hex,
  { gateway, version, certificate, alphaPpm }: ReceiptTerms,
): ReceiptBody2 {
  const owned = scores.rows.map((row) => ({ ...row, lineage: version.people.get(row.exampleId)!.acts! }));
  const credit = values && creditRetrieval(values);
  const readRows = read.map(({ id }, k) => {
    const lineage = version.people.get(id)!.acts!;
    return { exampleId: id, sharePpm: credit!.rowPpm[k]!, lineage };
  });
  const shared = attributeShares(owned, { ...scores, alphaPpm }, readRows);
  const { explainedPpm, rows, retrieved, shares, commonPpm } = shared;
  const [promptWei, outputWei] = [1_000_003n, 7_000_001n];
  const [prompt, completion] = [answer.promptIds.length, answer.completionIds.length];
  const body: ReceiptBody2 = {
    ...{
      version: 2,
      id: `rcp_${String(i).padStart(4, '0')}`,
      inferenceId: `inf_${i}`,
      issuedAt: new Date(Date.UTC(2030, 0, 1, 0, i)).toISOString(),
    },
    gateway: gateway.address.toLowerCase() as Address,
    ...{ payer: `0x${'a1'.repeat(20)}`, channelId: wordsOfHash('channel') },
    requestHash: requestHash(answer.salt, answer.messages),
    outputHash: outputHash(answer.salt, answer.output),
    model: { id: 'mdl_bench', versionHash: wordsOfHash('version'), adapterSha256, baseModel: 'model' },
    datanet: { id: 'dn_bench', versionId: 'dv_bench', number: 1, root: version.root },
    tokens: { prompt, completion },
    price: { inputWeiPerToken: promptWei.toString(), outputWeiPerToken: outputWei.toString() },
    feeWei: (promptWei * BigInt(prompt) + outputWei * BigInt(completion)).toString(),
    split: { data: 7_000, model: 1_500, app: 500, infra: 900, validators: 100 },
    attribution: {
      ...{ method: scores.method, indexSha256: scores.indexSha256, indexRows: scores.indexRows },
      queryCodesHash: scores.queryCodesHash,
      certificate: { sha256: wordsOfBytes(certificate), status: 'certified', alphaPpm },
      basis: 'influence',
      ...{ sigma: scores.sigma.toString(), cutScore: scores.cutScore.toString() },
      positiveSum: scores.positiveSum.toString(),
      explainedPpm,
      rows: rows.map((row) => ({ ...row, score: row.score.toString() })),
      ...{ shares, commonPpm },
      ...(values && {
        retrieval: {
          ...{ method: values.method, template: promptTemplate, sharePpm: credit!.sharePpm },
          rows: retrieved.map((row, k) => ({ ...row, chars: answer.passages[k]!.length })),
          ...{ microNats: values.microNats, baseMicroNats: values.baseMicroNats },
        },
      }),
    },
  };
  return receiptSchema.parse(body);
}

const wordsOfBytes = (bytes: Uint8Array): Hex => `0x${createHash('sha256').update(bytes).digest('hex')}`;

/** A certificate document with the fields that a receipt is held against (lib/audits/certificate-document.ts). */
export function certificateOf(
  subject: { adapterSha256: string; indexSha256: string; versionRoot: string },
  alphaPpm: number,
): Uint8Array {
  return new TextEncoder().encode(canonicalJson({ version: 'attribution-certificate/1', subject, alphaPpm }));
}
