import { attributeShares } from './attribute-shares.ts';
import { contributorOf } from './contributor-of.ts';
import { splitByLargestRemainder } from './money.ts';
import { poolShares } from './pool-shares.ts';
import { type PooledRows, poolWeights } from './pool-weights.ts';
import type { ReceiptBody, ReceiptBody1, ReceiptBody2 } from './receipt.ts';
import { creditRetrieval } from './retrieval-credit.ts';
import type { RoleShare } from './role-shares.ts';

/** Sources that are left out of the computation: rows by id, all rows of an author (lower-case account), or every row. */
export type SwitchedOff = { rows: ReadonlySet<string>; contributors: ReadonlySet<string>; all: boolean };
export const nothingOff: SwitchedOff = { rows: new Set(), contributors: new Set(), all: false };

/** Rows of the version that are alike; `exampleId` only of a row that stands for itself, because somebody improved it. */
export type RowGroup = PooledRows & { exampleId: string | null };

/** `namedPpm`: for rows of theirs that this answer rests on or read; `poolPpm`: their part of what it leaves to the common pool. */
export type Payee = { account: string; namedPpm: number; poolPpm: number };
export type AnswerPayout = {
  /** `nobody`: every row is switched off. */
  by: 'influence' | 'no-source' | 'flat' | 'nobody';
  /** Largest first. With `rowsPpm` they sum to exactly 1,000,000; to 0 where it is nobody. */
  payees: Payee[];
  /** What goes to all original rows of the version alike, where their people are not given. */
  rowsPpm: number;
};

/**
 * Who is paid for an answer out of the data's part, by the rule of receipts; `off`: as it would be if these rows were not there.
 * Scores, cut and noise stay as they were measured with all rows (the median of many rows hardly moves with a few), of the
 * positive influence the part of the rows switched off goes; values of rows that were read are those that the receipt has for
 * the selections without them, so that part is exact. With nothing off it is the receipt's own division.
 *
 * `groups`: the version's original rows, for answers that pay all rows alike; null: not known here. Integers only.
 */
export function answerPayout(
  body: ReceiptBody,
  groups: readonly RowGroup[] | null,
  off: SwitchedOff = nothingOff,
): AnswerPayout {
  if (off.all) return { by: 'nobody', payees: [], rowsPpm: 0 };
  if (body.version === 1) return payoutOf1(body.attribution);
  const { attribution } = body;
  const attributed = attributedWithout(attribution, off);
  const named = new Map<string, number>(attributed.shares.map(({ account, sharePpm }) => [account, sharePpm]));
  const byInfluence = poolShares(attributed);
  const kept = groups && groupsWithout(groups, attribution, off);
  const weights = byInfluence ?? (kept && poolWeights(kept));
  const { commonPpm } = attributed;
  const by = attribution.basis === 'flat' ? 'flat' : byInfluence ? 'influence' : 'no-source';
  if (weights?.length === 0 && commonPpm > 0) return { by: 'nobody', payees: [], rowsPpm: 0 };
  return { by, payees: payeesOf(named, weights ?? [], commonPpm), rowsPpm: weights ? 0 : commonPpm };
}

/** Whether a row is switched off, by its id or by its author. */
export function isOff(row: { exampleId: string; roles: readonly RoleShare[] }, off: SwitchedOff): boolean {
  return off.all || off.rows.has(row.exampleId) || off.contributors.has(contributorOf(row.roles));
}

type Attribution = ReceiptBody2['attribution'];

function attributedWithout(attribution: Attribution, off: SwitchedOff) {
  const { rows, retrieval, certificate, cutScore, sigma, positiveSum } = attribution;
  const scored = rows.map((row) => ({ ...row, score: BigInt(row.score), lineage: row.roles }));
  const gone = scored.filter((row) => isOff(row, off));
  return attributeShares(
    scored.filter((row) => !isOff(row, off)),
    {
      alphaPpm: certificate.alphaPpm,
      cutScore: BigInt(cutScore),
      sigma: BigInt(sigma),
      positiveSum: BigInt(positiveSum) - gone.reduce((sum, row) => sum + row.score, 0n),
    },
    retrieval && readWithout(retrieval, off),
  );
}

/** The rows read that are left, with what the rule gives them: it has the answer's likelihood for every selection of rows. */
function readWithout(retrieval: NonNullable<Attribution['retrieval']>, off: SwitchedOff) {
  const kept = retrieval.rows.flatMap((row, i) => (isOff(row, off) ? [] : [{ row, bit: 1 << i }]));
  const microNats = Array.from({ length: 2 ** kept.length }, (_, subset) =>
    kept.reduce((bits, { bit }, i) => (subset & (1 << i) ? bits | bit : bits), 0),
  ).map((bits) => retrieval.microNats[bits]!);
  const { rowPpm } = creditRetrieval({ microNats, baseMicroNats: retrieval.baseMicroNats });
  return kept.map(({ row }, i) => ({ exampleId: row.exampleId, sharePpm: rowPpm[i]!, lineage: row.roles }));
}

/** A row that nobody improved is one of its group: the group has one less of it. */
function groupsWithout(groups: readonly RowGroup[], attribution: Attribution, off: SwitchedOff): PooledRows[] {
  const known = [...attribution.rows, ...(attribution.retrieval?.rows ?? [])];
  const gone = new Map(known.filter(({ exampleId }) => off.rows.has(exampleId)).map((row) => [row.exampleId, row]));
  const single = new Set(groups.flatMap(({ exampleId }) => exampleId ?? []));
  const fewer = new Map<string, number>();
  for (const { exampleId, roles } of gone.values()) {
    if (!single.has(exampleId)) fewer.set(keyOf(roles), (fewer.get(keyOf(roles)) ?? 0) + 1);
  }
  return groups
    .filter(
      ({ exampleId, lineage }) => !(exampleId && gone.has(exampleId)) && !off.contributors.has(contributorOf(lineage)),
    )
    .map(({ exampleId, lineage, rows }) => ({
      lineage,
      rows: exampleId ? rows : Math.max(0, rows - (fewer.get(keyOf(lineage)) ?? 0)),
    }));
}

const keyOf = (lineage: readonly { role: string; account: string }[]) =>
  lineage.map(({ role, account }) => `${role} ${account}`).join(', ');

function payeesOf(
  named: ReadonlyMap<string, number>,
  weights: readonly (readonly [string, number])[],
  commonPpm: number,
): Payee[] {
  const pool = new Map<string, number>();
  const parts = splitByLargestRemainder(
    weights.length > 0 ? BigInt(commonPpm) : 0n,
    weights.map(([, weight]) => BigInt(weight)),
  );
  for (const [i, [account]] of weights.entries()) pool.set(account, Number(parts[i]!));
  return largestFirst(
    [...new Set([...named.keys(), ...pool.keys()])].map((account) => ({
      ...{ account, namedPpm: named.get(account) ?? 0, poolPpm: pool.get(account) ?? 0 },
    })),
  );
}

/** As receipts were first: all of it by name. Nothing can be switched off, because they do not hold what it would take. */
function payoutOf1({ shares, confident }: ReceiptBody1['attribution']): AnswerPayout {
  const payees = shares.map(({ contributor, sharePpm }) => ({ account: contributor, namedPpm: sharePpm, poolPpm: 0 }));
  return { by: confident ? 'influence' : 'no-source', payees: largestFirst(payees), rowsPpm: 0 };
}

function largestFirst(payees: readonly Payee[]): Payee[] {
  return payees
    .filter(({ namedPpm, poolPpm }) => namedPpm + poolPpm > 0)
    .sort((a, b) => b.namedPpm + b.poolPpm - a.namedPpm - a.poolPpm || (a.account < b.account ? -1 : 1));
}
