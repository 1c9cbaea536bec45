import { type AttributedShares, attributeShares } from './attribute-shares.ts';
import { canonicalJson, type Json } from './canonical-json.ts';
import { creditQuarters } from './credit-quarters.ts';
import type { ReceiptBody2 } from './receipt.ts';
import type { ReceiptStep } from './receipt-step.ts';
import { creditRetrieval } from './retrieval-credit.ts';

type Attribution2 = ReceiptBody2['attribution'];

/** The shares of a receipt once more, from its scores, sums and certificate, by the function that made them. Never throws. */
export function verifyShares(attribution: Attribution2): ReceiptStep[] {
  const steps = [checkCertificate(attribution), checkCut(attribution), checkSums(attribution)];
  if (attribution.retrieval) steps.push(checkRetrieval(attribution.retrieval));
  if (steps.some((step) => !step.ok)) return steps; // nothing follows from facts that contradict each other
  return [...steps, ...checkShares(attribution, recompute(attribution))];
}

/** Throws a RangeError for facts that contradict each other, which the steps before rule out. */
function recompute({ certificate, cutScore, sigma, positiveSum, rows, retrieval }: Attribution2): AttributedShares {
  return attributeShares(
    rows.map((row) => ({ exampleId: row.exampleId, score: BigInt(row.score), lineage: lineageOf(row.roles) })),
    {
      alphaPpm: certificate.alphaPpm,
      cutScore: BigInt(cutScore),
      sigma: BigInt(sigma),
      positiveSum: BigInt(positiveSum),
    },
    retrieval?.rows.map(({ exampleId, sharePpm, roles }) => ({ exampleId, sharePpm, lineage: lineageOf(roles) })),
  );
}

function lineageOf(roles: Attribution2['rows'][number]['roles']) {
  return roles.map(({ role, account }) => ({ role, account }));
}

function checkCertificate({ certificate, basis }: Attribution2): ReceiptStep {
  const { status, alphaPpm, sha256 } = certificate;
  const isCertified = status === 'certified';
  const ok = isCertified ? basis === 'influence' && sha256 !== null : basis === 'flat' && alphaPpm === 0;
  const detail = isCertified ? `certified, ${alphaPpm} ppm` : `${status}: paid flat`;
  return { id: 'certificate', name: 'Pays by influence only with a valid certificate', ok, detail };
}

function checkCut({ method, indexRows, rows, sigma, cutScore }: Attribution2): ReceiptStep {
  const [noise, cut] = [BigInt(sigma), BigInt(cutScore)];
  const hasSource = rows.some((row) => BigInt(row.score) > 3n * noise);
  const quarters = hasSource ? creditQuarters(method, indexRows) : 12n;
  // Both are rounded down from multiples of one number, so that the cut may lie up to `quarters` / 4 above as many sigmas.
  const isOfNoise = 4n * cut > quarters * noise - 4n && 4n * cut <= quarters * (noise + 1n);
  const low = rows.find((row) => BigInt(row.score) <= cut);
  const detail = low ? `${low.exampleId} is not above it` : `${rows.length} rows above ${cut}`;
  return {
    id: 'cut',
    name: 'Rows stand above the noise cut, one of them three sigma high',
    ok: isOfNoise && !low,
    detail: isOfNoise ? detail : `the cut ${cut} is not ${Number(quarters) / 4} times ${noise}`,
  };
}

function checkSums({ rows, positiveSum, indexRows }: Attribution2): ReceiptStep {
  const sum = rows.reduce((total, row) => total + BigInt(row.score), 0n);
  const ids = new Set(rows.map((row) => row.exampleId));
  const isInOrder = rows.every((row, i) => i === 0 || rows[i - 1]!.exampleId < row.exampleId);
  return {
    id: 'sums',
    name: 'Rows are of the index, each once, and within its positive influence',
    ok: isInOrder && ids.size === rows.length && rows.length <= indexRows && sum <= BigInt(positiveSum),
    detail: `${rows.length} of ${indexRows} rows, ${sum} of ${positiveSum}`,
  };
}

function checkRetrieval(retrieval: NonNullable<Attribution2['retrieval']>): ReceiptStep {
  const step = (ok: boolean, detail: string): ReceiptStep => ({
    ...{ id: 'retrieval', name: 'Credit of rows read follows from their values', ok, detail },
  });
  if (retrieval.microNats.length !== 2 ** retrieval.rows.length)
    return step(false, 'not one value a subset of the rows');
  try {
    const { sharePpm, rowPpm } = creditRetrieval(retrieval);
    const isSame = sharePpm === retrieval.sharePpm && retrieval.rows.every((row, i) => row.sharePpm === rowPpm[i]);
    return step(isSame, `${sharePpm} ppm to ${rowPpm.length} rows`);
  } catch (error) {
    return step(false, (error as Error).message);
  }
}

function checkShares(attribution: Attribution2, found: AttributedShares): ReceiptStep[] {
  const { rows, shares, commonPpm, explainedPpm, retrieval } = attribution;
  const rowPpm = (list: readonly { sharePpm: number }[]) => list.map((row) => row.sharePpm);
  const roles = (list: readonly { roles: unknown }[]) => list.map((row) => row.roles);
  const total = shares.reduce((sum, share) => sum + share.sharePpm, commonPpm);
  return [
    {
      ...{ id: 'explained', name: 'Explained part follows from certificate and sums' },
      ...{ ok: explainedPpm === found.explainedPpm, detail: `${found.explainedPpm} ppm` },
    },
    {
      ...{ id: 'rows', name: 'Row shares follow from scores', ok: isSame(rowPpm(rows), rowPpm(found.rows)) },
      detail: rows.length > 0 ? `${rows.length} rows over the cut` : 'no confident source',
    },
    {
      ...{ id: 'roles', name: 'Roles divide each row’s share by the fixed weights' },
      ok: isSame(roles(rows), roles(found.rows)) && isSame(roles(retrieval?.rows ?? []), roles(found.retrieved)),
      detail: `${rows.length + (retrieval?.rows.length ?? 0)} rows`,
    },
    {
      ...{ id: 'shares', name: 'Accounts’ shares are the sums of their rows', ok: isSame(shares, found.shares) },
      detail: `${found.shares.length} accounts`,
    },
    {
      ...{ id: 'total', name: 'Shares and common pool sum to 1,000,000 ppm' },
      ...{ ok: total === 1_000_000, detail: `${total}, ${commonPpm} common` },
    },
  ];
}

function isSame(a: unknown, b: unknown): boolean {
  return canonicalJson(a as Json) === canonicalJson(b as Json);
}
