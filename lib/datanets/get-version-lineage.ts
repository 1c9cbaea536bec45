import type { VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import { type VersionRow, versionTree } from './version-rows.ts';

/**
 * A version's rows file as a verifier needs it: the root that its rows give, and who has a part in each row. The root binds
 * contributor, text and time of every row; who improved and reviewed a row stands in the file beside them. Files from before
 * there was a lineage name the contributor alone, `acts` is then null.
 *
 * @param bytes JSON Lines. Throws a SyntaxError or TypeError for anything else
 */
export function getVersionLineage(bytes: Uint8Array): VersionLineage {
  const lines = new TextDecoder().decode(bytes).split('\n');
  const rows = lines.filter((line) => line !== '').map((line) => JSON.parse(line) as VersionRow);
  return {
    root: versionTree(rows).root,
    people: new Map(
      rows.map(({ id, contributor, data, lineage, erased }) => [
        id,
        { contributor, acts: lineage ?? null, data: erased ? null : data },
      ]),
    ),
  };
}
