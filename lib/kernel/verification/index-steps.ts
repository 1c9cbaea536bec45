import { sha256 } from 'viem';
import { IndexFileError, readIndexFile } from '../index-file.ts';
import { summariseNoise } from '../noise-cut.ts';
import type { ReceiptBody } from '../receipt.ts';
import { parseQueryCodes, rescoreIndex } from '../rescore.ts';
import { bareHex, compare, differs, type EvidenceStep, type Finding, ok, skipped } from './evidence-step.ts';

/** The index is the file that the receipt names, and an index of the receipt's adapter. */
export const indexStep: EvidenceStep = {
  id: 'index',
  name: 'Attribution index',
  async check(context) {
    const { attribution, model } = context.body;
    const found = await context.evidence.index();
    if (!found) return skipped('the index is not at hand');
    const hashed = compare('SHA-256 of the index', bareHex(attribution.indexSha256), found.sha256);
    if (hashed.state !== 'ok') return hashed;
    return refusing(async () => {
      const file = await readIndexFile(found.source);
      const adapter = compare('adapter of the index', bareHex(model.adapterSha256), bareHex(file.adapterSha256));
      if (adapter.state !== 'ok') return adapter;
      const method = compare('method of the index', attribution.method, file.method);
      if (method.state !== 'ok') return method;
      context.index = { source: found.source, file };
      return ok(`${found.sha256}, ${file.rows} rows`);
    });
  },
};

/** The answer's quantised gradient is the one that the receipt names. */
export const codesStep: EvidenceStep = {
  id: 'codes',
  name: 'Query codes',
  async check(context) {
    const bytes = await context.evidence.codes();
    if (!bytes) return skipped("the answer's query codes are not at hand");
    const hashed = compare(
      'SHA-256 of the codes',
      bareHex(context.body.attribution.queryCodesHash),
      bareHex(sha256(bytes)),
    );
    if (hashed.state !== 'ok') return hashed;
    return refusing(async () => {
      context.codes = parseQueryCodes(bytes);
      return hashed;
    });
  },
};

/** Every row's score follows from index and codes, and with it noise, cut, positive sum and which rows stand above the cut. */
export const scoresStep: EvidenceStep = {
  id: 'scores',
  name: 'Scores from the index',
  check(context) {
    const { index, codes, evidence, body } = context;
    if (!index || !codes) return skipped('needs the index and the query codes');
    return refusing(async () => {
      const onProgress = (done: number, total: number) => evidence.onProgress?.('scores', done, total);
      const scores = await rescoreIndex(index.source, index.file, codes, onProgress);
      context.scores = scores;
      return compareScores(body, scores, index.file.ids);
    });
  },
};

/** Facts and rows of a receipt against all scores of its index. */
export function compareScores(body: ReceiptBody, scores: BigInt64Array, ids: readonly string[]): Finding {
  const noise = summariseNoise(scores, body.attribution.method);
  for (const [what, said, found] of noiseFacts(body, scores.length, noise)) {
    if (said !== found) return differs(`${what}: the receipt says ${said}, recomputed ${found}`);
  }
  const above = new Map<string, string>();
  for (const [row, score] of scores.entries()) if (score > noise.cut) above.set(ids[row]!, score.toString());
  for (const { exampleId, score } of body.attribution.rows) {
    const found = above.get(exampleId);
    if (found !== score)
      return differs(`score of ${exampleId}: the receipt says ${score}, recomputed ${found ?? 'not above the cut'}`);
    above.delete(exampleId);
  }
  const missing = above.keys().next();
  if (!missing.done) return differs(`${missing.value} stands above the cut, and the receipt does not have it`);
  return ok(`${scores.length} rows scored, ${body.attribution.rows.length} above the cut`);
}

function noiseFacts(
  body: ReceiptBody,
  rows: number,
  { sigma, cut, positiveSum }: ReturnType<typeof summariseNoise>,
): [string, string, string][] {
  const facts: [string, string, string][] = [['cut', body.attribution.cutScore, cut.toString()]];
  if (body.version === 1) return facts;
  const { attribution } = body;
  return [
    ['rows of the index', String(attribution.indexRows), String(rows)],
    ['sigma', attribution.sigma, sigma.toString()],
    ...facts,
    ['sum of positive scores', attribution.positiveSum, positiveSum.toString()],
  ];
}

/** A file that cannot be what the receipt names is a difference, not a failure of the check. */
async function refusing(check: () => Promise<Finding>): Promise<Finding> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof IndexFileError) return differs(error.message);
    throw error;
  }
}
