import type { AttributionIndex } from './attribution-index.ts';
import { creditQuarters } from './credit-quarters.ts';
import { harmfulRows } from './harmful-rows.ts';
import { noiseCut } from './noise-cut.ts';
import { idAt } from './packed-ids.ts';
import type { Codes } from './quantise.ts';
import { scanRows } from './scan.ts';

export type RowScores = {
  /** Of the index, whose header names method and version. */
  method: string;
  indexSha256: string;
  /** Number of rows in the index, N. */
  indexRows: number;
  /**
   * Influence of each row, in index order, on log p(completion | prompt), nats x 2^32; positive: made the answer more likely.
   */
  scores: BigInt64Array<ArrayBuffer>;
  /** 1.4826 x the scores' median absolute deviation, same unit. */
  sigma: bigint;
  /** Score that a row must exceed to count, see `noiseCut`. */
  cutScore: bigint;
  /** Sum of all rows' positive scores: what the credits over the cut are held against. */
  positiveSum: bigint;
  /** The rows above the cut, in index order; none where no source stands out. */
  rows: { exampleId: string; score: bigint }[];
  /** The rows below three negative sigma, the strongest first, at most 50. They earn nothing and cost nothing: see the harm ledger. */
  harmful: { exampleId: string; score: bigint }[];
};

/** Every row's score on one query, and what follows from the scores. From the query's codes on, everything is integers. */
export function scoreRows({ shards, ids, header, sha256 }: AttributionIndex, query: Codes): RowScores {
  const [scores] = scanRows({ shards, count: header.rows, dims: header.dims, shift: header.packed?.shift }, [query]);
  const { sigma, cut, rows, rowsBelow, positiveSum } = noiseCut(scores!, creditQuarters(header.method, header.rows));
  const named = (row: number) => ({ exampleId: idAt(ids, row), score: scores![row]! });
  return {
    method: header.method,
    indexSha256: sha256,
    indexRows: header.rows,
    scores: scores!,
    sigma,
    cutScore: cut,
    positiveSum,
    rows: rows.map(named),
    harmful: harmfulRows(scores!, rowsBelow).map(named),
  };
}
