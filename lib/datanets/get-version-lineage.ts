import { isMixHeader, type MixHeader, mixRoot } from '#lib/kernel/mix.ts';
import type { VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import { type VersionRow, versionTree } from './version-rows.ts';

/**
 * A version's rows file as a verifier needs it: the root that its rows give, and who has a part in each row. The root binds
 * contributor, text and time of every row; who improved and reviewed a row stands in the file beside them. Files from before
 * there was a lineage name the contributor alone, `acts` is then null. The file of a mix (lib/mixes/get-version-file.ts) says in its first
 * line which rows are whose; its root follows from the roots that those rows really give.
 *
 * @param bytes JSON Lines. Throws a SyntaxError, TypeError or RangeError for anything else
 */
export function getVersionLineage(bytes: Uint8Array): VersionLineage {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const [head, ...others] = lines
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as VersionRow | MixHeader);
  const rows = (head && !isMixHeader(head) ? [head, ...others] : others) as VersionRow[];
  const mix = head && isMixHeader(head) ? head : null;
  const parts = mix && partsOf(mix, rows);
  const weights = mix?.parts.flatMap(({ rows: count, tenths }) => Array<number>(count).fill(tenths));
  return {
    ...(parts ? { root: mixRoot(parts), parts } : { root: versionTree(rows).root }),
    people: new Map(
      rows.map(({ id, contributor, data, lineage, erased }, i) => [
        id,
        { contributor, acts: lineage ?? null, data: erased ? null : data, ...(weights && { weight: weights[i]! }) },
      ]),
    ),
  };
}

function partsOf({ parts }: MixHeader, rows: readonly VersionRow[]): NonNullable<VersionLineage['parts']> {
  let at = 0;
  const found = parts.map(({ versionId, rows: count, tenths }) => {
    const own = rows.slice(at, at + count);
    at += count;
    return { versionId, root: versionTree(own).root, rows: own.length, tenths };
  });
  if (at !== rows.length) throw new RangeError(`a mix of ${at} rows, and ${rows.length} in its file`);
  return found;
}
