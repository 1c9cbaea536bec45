import type { AuditKind, MeasuredAttribution, RefusalReason } from './types.ts';

/**
 * What an adapter's attribution must reach to be paid by; docs/attribution.md has the figures that the bounds were chosen from.
 */
export const bounds = {
  /** G1. Below it two equal steps in the rows' weights move answers in unlike directions: what one row did is not defined. */
  smoothness: 0.95,
  /**
   * G2, part of the rows asked about whose own answers the adapter makes likelier than its base does: what was not learnt
   * cannot be attributed.
   */
  learnt: 0.8,
  /**
   * G3, one-sided 95 % bound of the linear datamodeling score. Comparing words reaches 0.22 to 0.27, with shares hardly nearer
   * to the truth than equal ones: from here on influence pays better than a flat rule. Pay is scaled by the bound besides.
   */
  lower: 0.3,
} as const;

export type GateReason = RefusalReason | 'not_smooth' | 'not_learnt' | 'not_predicted';

export type AuditFigures = {
  smoothnessPpm: number | null;
  learntPpm: number;
  scorePpm: number;
  lowerPpm: number;
  upperPpm: number;
};
export type Verdict = { passed: boolean; alphaPpm: number; reasons: GateReason[]; figures: AuditFigures };

/** Floats end here: figures are rounded down to millionths, and gates look at those. */
export function judge(kind: AuditKind, { smoothness, answers, score }: MeasuredAttribution): Verdict {
  const gains = answers.map((answer) => answer.rowGainMicronats ?? answer.tunedMicronats - answer.baseMicronats);
  const figures = {
    smoothnessPpm: smoothness && toPpm(smoothness.value),
    learntPpm: toPpm(gains.filter((gain) => gain > 0).length / gains.length),
    scorePpm: toPpm(score.score),
    lowerPpm: toPpm(score.lower),
    upperPpm: toPpm(score.upper),
  };
  const reasons: GateReason[] = [];
  const isCertification = kind === 'certification';
  if (figures.smoothnessPpm !== null && figures.smoothnessPpm < toPpm(bounds.smoothness)) reasons.push('not_smooth');
  // What people ask is theirs to choose: an audit judges the prediction alone.
  if (isCertification && figures.learntPpm < toPpm(bounds.learnt)) reasons.push('not_learnt');
  if (figures.lowerPpm < toPpm(bounds.lower)) reasons.push('not_predicted');
  const passed = reasons.length === 0;
  return { passed, alphaPpm: passed ? figures.lowerPpm : 0, reasons, figures };
}

/** Millionths, rounded down. */
export function toPpm(value: number): number {
  return Math.floor(value * 1e6 + 1e-6);
}
