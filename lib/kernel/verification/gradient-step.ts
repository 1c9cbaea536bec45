import type { ReceiptBody } from '../receipt.ts';
import { parseQueryCodes, type QueryCodes, rescoreIndex } from '../rescore.ts';
import { compareShares } from './compare-shares.ts';
import { differs, type EvidenceStep, ok, skipped, type VerificationContext } from './evidence-step.ts';

/** Least cosine of recomputed and signed codes on another kind of processor (reference: attribution.md §3.7). */
const cosineLeast = 0.999;

/**
 * The one step in floating point: the gradient of the answer's tokens, quantised. The same bits on the same kind of processor,
 * because a gradient is one thread's work; on another kind nearly the same direction, and no share may move by half a per cent.
 */
export const gradientStep: EvidenceStep = {
  id: 'gradient',
  name: 'Gradient of the answer',
  async check(context) {
    const { evidence, answer, codes, body } = context;
    const recomputation = await evidence.recompute();
    if (!recomputation || !answer || !codes) return skipped('needs the adapter, the answer and the query codes');
    const bytes = await recomputation.queryCodes(answer);
    const own = parseQueryCodes(bytes);
    if (sameCodes(own, codes)) return ok('the same codes, bit for bit');
    if (own.codes.length !== codes.codes.length) {
      return differs(`the receipt's codes are ${codes.codes.length}, recomputed ${own.codes.length}`);
    }
    const cosine = cosineOf(own, codes);
    if (cosine < cosineLeast)
      return differs(`the codes are others: cosine ${cosine.toFixed(6)}, at least ${cosineLeast} asked`);
    const moved = await sharesMoved(context, own, body);
    if (moved !== null) return differs(moved);
    return ok(
      `close to the signed codes, as on another processor: cosine ${cosine.toFixed(6)}, no share moves by 0.5 %`,
    );
  },
};

async function sharesMoved({ index }: VerificationContext, own: QueryCodes, body: ReceiptBody): Promise<string | null> {
  if (!index || body.version === 1) return null;
  return compareShares(body, await rescoreIndex(index.source, index.file, own), index.file.ids);
}

function sameCodes(a: QueryCodes, b: QueryCodes): boolean {
  return a.scale === b.scale && a.codes.length === b.codes.length && a.codes.every((code, i) => code === b.codes[i]);
}

function cosineOf({ codes: a }: QueryCodes, { codes: b }: QueryCodes): number {
  let [product, own, other] = [0, 0, 0];
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    product += x * y;
    own += x * x;
    other += y * y;
  }
  return own === 0 || other === 0 ? 0 : product / Math.sqrt(own * other);
}
