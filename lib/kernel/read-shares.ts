import { sigmasOf } from './attribute-shares.ts';
import { contributorOf } from './contributor-of.ts';
import { poolShares } from './pool-shares.ts';
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
  /** Largest first. */
  shares: PaidAccount[];
  commonPpm: number;
  /** Part of it that goes equally over the version's original rows, and not to `shares`. */
  rowsPpm: number;
};

/**
 * `sharePpm` by name, `poolPpm` from what the answer leaves to the common pool, rounded down. `sigmas`: null in version 1, 0
 * for who is paid for rows that were only read.
 */
export type PaidAccount = { account: string; sharePpm: number; poolPpm: number; sigmas: number | null };

/** The shares of a receipt of either version, as pages show them. */
export function readShares(body: ReceiptBody): AnswerShares {
  const read = body.version === 1 ? readShares1(body.attribution) : readShares2(body.attribution);
  return {
    ...read,
    rows: [...read.rows].sort((a, b) => b.influencePpm - a.influencePpm),
    shares: [...read.shares].sort((a, b) => b.sharePpm + b.poolPpm - a.sharePpm - a.poolPpm),
  };
}

function readShares2(attribution: ReceiptBody2['attribution']): AnswerShares {
  const { rows, shares, commonPpm, explainedPpm, certificate, basis, cutScore, sigma } = attribution;
  const credits = rows.map((row) => BigInt(row.score) - BigInt(cutScore));
  const sum = credits.reduce((a, b) => a + b, 0n);
  const influence = new Map<string, number>(poolShares({ explainedPpm, rows }) ?? []);
  const poolPpm = (account: string) => Math.floor((commonPpm * (influence.get(account) ?? 0)) / (explainedPpm || 1));
  return {
    by: basis === 'flat' ? 'flat' : explainedPpm === 0 ? 'no-source' : 'influence',
    ...{ certificate, commonPpm, rowsPpm: explainedPpm === 0 ? commonPpm : 0 },
    shares: shares.map((share) => ({ ...share, poolPpm: poolPpm(share.account) })),
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
    shares: shares.map(({ contributor, sharePpm }) => ({ account: contributor, sharePpm, poolPpm: 0, sigmas: null })),
    ...{ commonPpm: 0, rowsPpm: 0 },
  };
}
