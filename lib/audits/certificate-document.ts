import { canonicalJson, type Json } from '#lib/kernel/canonical-json.ts';
import { bounds, toPpm, type Verdict } from './rules.ts';
import type { AuditKind, MeasuredAttribution, RefusalReason } from './types.ts';

/** The subject of a measurement: with it and the version's rows anybody repeats one of the trainings. */
export type CertificateSubject = {
  adapterId: string;
  adapterSha256: string;
  indexSha256: string;
  baseSha256: string;
  versionRoot: string;
  /** Decides the order of the rows. */
  datasetRoot: string;
  engineVersion: string;
  /** As in the run manifest, JSON as text: it holds fractions, which canonical JSON does not. */
  recipe: string;
};

/**
 * The public record of a certification or audit. Integers only: likelihoods in nats x 10^6, shares and correlations in
 * millionths, scores as the index gives them (nats x 2^32, decimal text). Names no owner and holds no token of an answer.
 *
 * Half number n keeps the first half of the permutation of the rows under `seed|half|n`
 * (lib/engine/attribution/certificate/subsets.ts); the rows are in the order of training. `predicted` is the sum of the kept
 * rows' scores, up to a constant by answer.
 */
export type CertificateDocument = {
  version: 'attribution-certificate/1';
  kind: AuditKind;
  subject: CertificateSubject;
  seed: string;
  method: string;
  rows: number;
  bounds: { smoothnessPpm: number; learntPpm: number; lowerPpm: number };
  answers: {
    id: string;
    isTrained: boolean | null;
    promptTokens: number;
    completionTokens: number;
    /** Null for paid answers: receipts hold their salted hashes. */
    tokensSha256: string | null;
    baseMicronats: number;
    tunedMicronats: number;
    rowGainMicronats: number | null;
    scorePpm: number;
  }[];
  smoothness: { direction: number[][]; ppm: number } | null;
  halves: { predicted: number[]; measured: number[] }[];
  withoutRow: { exampleId: string; answerId: string; predicted: number[]; measured: number[] }[];
  result: {
    passed: boolean;
    reasons: string[];
    learntPpm: number;
    scorePpm: number;
    lowerPpm: number;
    upperPpm: number;
  } | null;
  /** What receipts scale the part that is paid by name with; 0 unless it passed. */
  alphaPpm: number;
  /** Measured nothing, for this reason. */
  refused: RefusalReason | null;
};

type Context = {
  kind: AuditKind;
  subject: CertificateSubject;
  seed: string;
  /** The bound that the adapter was certified with, which no audit raises; null in a certification. */
  ceilingPpm: number | null;
};

const boundsPpm = {
  smoothnessPpm: toPpm(bounds.smoothness),
  learntPpm: toPpm(bounds.learnt),
  lowerPpm: toPpm(bounds.lower),
};

/** The record of what was measured. */
export function certificateDocument(
  { kind, subject, seed, ceilingPpm }: Context,
  measured: MeasuredAttribution,
  { passed, alphaPpm, reasons, figures }: Verdict,
): CertificateDocument {
  const { smoothness, halves, withoutRow, answers } = measured;
  const { learntPpm, scorePpm, lowerPpm, upperPpm } = figures;
  return {
    version: 'attribution-certificate/1',
    ...{ kind, subject, seed, method: measured.method, rows: measured.rows, bounds: boundsPpm },
    answers: answers.map((answer, i) => ({
      ...{ id: answer.id, isTrained: answer.isTrained },
      ...{ promptTokens: answer.promptTokens, completionTokens: answer.completionTokens },
      tokensSha256: answer.isTrained === null ? null : answer.tokensSha256,
      ...{ baseMicronats: answer.baseMicronats, tunedMicronats: answer.tunedMicronats },
      rowGainMicronats: answer.rowGainMicronats,
      scorePpm: toPpm(measured.score.perAnswer[i]!),
    })),
    smoothness: smoothness && { direction: smoothness.direction, ppm: figures.smoothnessPpm ?? 0 },
    ...{ halves, withoutRow },
    result: { passed, reasons, learntPpm, scorePpm, lowerPpm, upperPpm },
    alphaPpm: ceilingPpm === null ? alphaPpm : Math.min(alphaPpm, ceilingPpm),
    refused: null,
  };
}

/** The record of an adapter of which nothing could be measured. */
export function refusalDocument({ kind, subject, seed }: Context, reason: RefusalReason): CertificateDocument {
  return {
    version: 'attribution-certificate/1',
    ...{ kind, subject, seed, method: '', rows: 0, bounds: boundsPpm },
    ...{
      answers: [],
      smoothness: null,
      halves: [],
      withoutRow: [],
      result: null,
      alphaPpm: 0,
      refused: reason,
      standing: null,
    },
  };
}

/** The bytes that are hashed and stored. */
export function encodeCertificate(document: CertificateDocument): Uint8Array {
  return new TextEncoder().encode(canonicalJson(document as unknown as Json));
}
