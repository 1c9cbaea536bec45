import type { DatabaseOrTransaction } from '#db/client.ts';
import type { DatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { checkNewRows } from './check-new-rows.ts';
import { findKnownExamples } from './find-known-examples.ts';
import { judgeRows } from './parse/judge-rows.ts';
import type { InputRow, KnownExample, RowVerdict } from './types.ts';

const nothing: ReadonlyMap<string, KnownExample> = new Map();

/**
 * The verdict on each row, in order, with the Datanet's stored rows in view; new ones with their scorecards. Texts are read once; only those that stand the test by
 * themselves are looked up.
 *
 * @param sender whose rows they are: what they equal is told as far as this account may know
 * @param own hashes that count as new although they are stored
 */
export async function judgeNewRows(
  tx: DatabaseOrTransaction,
  datanet: Pick<DatanetTerms, 'id' | 'fields' | 'language'>,
  rows: readonly InputRow[],
  sender: string,
  own: ReadonlySet<string> = new Set(),
): Promise<RowVerdict[]> {
  const verdicts = judgeRows(datanet.fields, rows, nothing);
  const hashes = verdicts.flatMap((v) => (v.kind === 'new' && !own.has(v.contentHash) ? [v.contentHash] : []));
  const known = await findKnownExamples(tx, datanet.id, hashes, sender);
  const judged = verdicts.map((verdict): RowVerdict => {
    const example = verdict.kind === 'new' ? known.get(verdict.contentHash) : undefined;
    return example && verdict.kind === 'new' ? { ...verdict, ...example, kind: 'duplicate' } : verdict;
  });
  // Of rows that are stored already nothing is new to be said.
  return own.size > 0 ? judged : checkNewRows(tx, datanet, rows, judged, sender);
}
