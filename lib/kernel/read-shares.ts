import { sigmasOf } from './attribute-shares.ts';
import { contributorOf } from './contributor-of.ts';
import type { ReceiptBody, ReceiptBody1, ReceiptBody2 } from './receipt.ts';
import type { RoleShare } from './role-shares.ts';

/** A row above the noise cut as pages show it. */
export type CreditedRow = {
  exampleId: string;
  contributor: string;
  /** Its part of the influence that stands out of the noise, whether paid or not. */
  influencePpm: number;
  /** What is paid for it of the data's part. */
  sharePpm: number;
  /** Score over noise, thousandths; null where the receipt does not say (version 1). */
  sigmas: number | null;
  roles: RoleShare[];
};

/**
 * What a receipt says about who is paid, for pages. `by`: by name and influence; not, because nothing stood out; not, because
 * the model is not certified; or (version 1 only) everything to all rows alike, because nothing stood out.
 */
export type AnswerShares = {
  by: 'influence' | 'no-source' | 'flat' | 'equal-rows';
  certificate: ReceiptBody2['attribution']['certificate'] | null;
  /** Strongest first. */
  rows: CreditedRow[];
  /** Largest first. `sigmas`: null in version 1, 0 for who is paid for rows that were only read. */
  shares: { account: string; sharePpm: number; sigmas: number | null }[];
  commonPpm: number;
};

/** The shares of a receipt of either version, as pages show them. */
export function readShares(body: ReceiptBody): AnswerShares {
  const read = body.version === 2 ? readShares2(body.attribution) : readShares1(body.attribution);
  return {
    ...read,
    rows: [...read.rows].sort((a, b) => b.influencePpm - a.influencePpm),
    shares: [...read.shares].sort((a, b) => b.sharePpm - a.sharePpm),
  };
}

function readShares2({
  rows,
  shares,
  commonPpm,
  certificate,
  basis,
  cutScore,
  sigma,
}: ReceiptBody2['attribution']): AnswerShares {
  const credits = rows.map((row) => BigInt(row.score) - BigInt(cutScore));
  const sum = credits.reduce((a, b) => a + b, 0n);
  return {
    by: basis === 'flat' ? 'flat' : rows.length === 0 ? 'no-source' : 'influence',
    ...{ certificate, shares, commonPpm },
    rows: rows.map(({ exampleId, score, sharePpm, roles }, i) => ({
      ...{ exampleId, sharePpm, roles, contributor: contributorOf(roles) },
      influencePpm: Number((credits[i]! * 1_000_000n) / sum),
      sigmas: sigmasOf(BigInt(score), BigInt(sigma)),
    })),
  };
}

function readShares1({ rows, shares, confident }: ReceiptBody1['attribution']): AnswerShares {
  return {
    by: confident ? 'influence' : 'equal-rows',
    certificate: null,
    rows: rows.map(({ exampleId, contributor, sharePpm }) => ({
      ...{ exampleId, contributor, sharePpm, influencePpm: sharePpm, sigmas: null },
      roles: [{ role: 'collect', account: contributor as `0x${string}`, sharePpm }],
    })),
    shares: shares.map(({ contributor, sharePpm }) => ({ account: contributor, sharePpm, sigmas: null })),
    commonPpm: 0,
  };
}
