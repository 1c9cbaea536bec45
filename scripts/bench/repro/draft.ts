import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hex, LocalAccount } from 'viem';
import { attributeShares } from '#lib/kernel/attribute-shares.ts';
import { bufferSource } from '#lib/kernel/byte-source.ts';
import { readIndexFile } from '#lib/kernel/index-file.ts';
import { summariseNoise } from '#lib/kernel/noise-cut.ts';
import { type ReceiptBody2, receiptHash } from '#lib/kernel/receipt.ts';
import { parseQueryCodes, rescoreIndex } from '#lib/kernel/rescore.ts';
import { creditRetrieval } from '#lib/kernel/retrieval-credit.ts';
import type { AnswerFile, ReceiptSettlementProof, VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import { fileNames } from '#scripts/verify/find-file.ts';

/** A receipt with its files, open to change. What is not changed is shared with the other receipts on disk. */
export type Draft = {
  body: ReceiptBody2;
  hash: Hex;
  signature: Hex;
  settlement: ReceiptSettlementProof;
  codes: Uint8Array;
  answer: AnswerFile;
  index: Uint8Array;
  certificate: Uint8Array;
  rows: Uint8Array;
  period: Uint8Array;
  adapter: Uint8Array;
};

/** Files that all receipts share: paths, by what a draft calls them. */
export type SharedFiles = Record<'index' | 'certificate' | 'rows' | 'period', string> & { adapterDir: string };
const adapterWeights = 'adapter_model.safetensors';

export async function loadShared(
  files: SharedFiles,
): Promise<Pick<Draft, 'index' | 'certificate' | 'rows' | 'period' | 'adapter'>> {
  const bytes = async (path: string) => new Uint8Array(await readFile(path));
  return {
    index: await bytes(files.index),
    certificate: await bytes(files.certificate),
    rows: await bytes(files.rows),
    period: await bytes(files.period),
    adapter: await bytes(join(files.adapterDir, adapterWeights)),
  };
}

/** Writes the folder that `npm run verify` takes; files that are as they were shared become links. */
export async function writeDraft(
  folder: string,
  draft: Draft,
  files: SharedFiles,
  shared: Awaited<ReturnType<typeof loadShared>>,
) {
  await mkdir(folder, { recursive: true });
  const { body, hash, signature, settlement } = draft;
  await writeFile(join(folder, 'receipt.json'), JSON.stringify({ body, hash, signature, settlement }));
  await writeFile(join(folder, fileNames.codes), draft.codes);
  await writeFile(join(folder, fileNames.answer), JSON.stringify(draft.answer));
  for (const kind of ['index', 'certificate', 'rows', 'period'] as const) {
    const target = join(folder, fileNames[kind]);
    if (draft[kind] === shared[kind]) await symlink(files[kind], target);
    else await writeFile(target, draft[kind]);
  }
  const adapterDir = join(folder, 'adapter');
  if (draft.adapter === shared.adapter) return symlink(files.adapterDir, adapterDir);
  await cp(files.adapterDir, adapterDir, { recursive: true });
  await rm(join(adapterDir, adapterWeights));
  return writeFile(join(adapterDir, adapterWeights), draft.adapter);
}

/** Hashes and signs the body as it is now. */
export async function seal(draft: Draft, signer: LocalAccount): Promise<void> {
  draft.hash = receiptHash(draft.body);
  draft.signature = await signer.signMessage({ message: { raw: draft.hash } });
}

/** Makes all shares follow from the scores, cut and sums that the body has now: a forgery without a contradiction in itself. */
export function shareOut(body: ReceiptBody2): void {
  const { attribution } = body;
  const rows = attribution.rows.map(({ exampleId, score, roles }) => ({
    ...{ exampleId, score: BigInt(score) },
    lineage: roles.map(({ role, account }) => ({ role, account })),
  }));
  const facts = {
    alphaPpm: attribution.certificate.alphaPpm,
    cutScore: BigInt(attribution.cutScore),
    sigma: BigInt(attribution.sigma),
    positiveSum: BigInt(attribution.positiveSum),
  };
  const { retrieval } = attribution;
  const read = retrieval && creditRetrieval(retrieval);
  const found = attributeShares(
    rows,
    facts,
    retrieval?.rows.map((row, i) => ({ ...row, sharePpm: read!.rowPpm[i]!, lineage: row.roles })),
  );
  if (retrieval) {
    retrieval.sharePpm = read!.sharePpm;
    retrieval.rows = retrieval.rows.map(({ chars }, i) => ({ ...found.retrieved[i]!, chars }));
  }
  attribution.rows = found.rows.map((row) => ({ ...row, score: row.score.toString() }));
  attribution.explainedPpm = found.explainedPpm;
  attribution.shares = found.shares;
  attribution.commonPpm = found.commonPpm;
}

/** Makes scores and shares follow from the draft's codes and index: a forgery that only the gradient gives away. */
export async function scoreAgain(draft: Draft, version: VersionLineage): Promise<void> {
  const { attribution } = draft.body;
  const source = bufferSource(draft.index);
  const index = await readIndexFile(source);
  const scores = await rescoreIndex(source, index, parseQueryCodes(draft.codes));
  const { cut, sigma, positiveSum } = summariseNoise(scores, attribution.method);
  const above = index.ids.flatMap((exampleId, i) => (scores[i]! > cut ? [{ exampleId, score: scores[i]! }] : []));
  Object.assign(attribution, { cutScore: `${cut}`, sigma: `${sigma}`, positiveSum: `${positiveSum}` });
  attribution.rows = above
    .sort((a, b) => (a.exampleId < b.exampleId ? -1 : 1))
    .map(({ exampleId, score }) => ({
      ...{ exampleId, score: score.toString(), sharePpm: 0 },
      roles: version.people.get(exampleId)!.acts!.map((act) => ({ ...act, sharePpm: 0 })),
    }));
  shareOut(draft.body);
}
