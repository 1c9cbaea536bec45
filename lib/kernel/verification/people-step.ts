import type { ReceiptBody } from '../receipt.ts';
import type { LineageAct } from '../role-shares.ts';
import { compare, differs, type EvidenceStep, ok, skipped } from './evidence-step.ts';

/** Who is paid for a row is who the version's file says, and that file has the root that the receipt (and the chain) names. */
export const peopleStep: EvidenceStep = {
  id: 'people',
  name: 'People of the rows',
  async check({ evidence, body, index }) {
    const version = await evidence.owners();
    if (!version) return skipped("the version's rows are not at hand");
    const root = compare('root of the version', body.datanet.root, version.root);
    if (root.state !== 'ok') return root;
    for (const { exampleId, contributor, acts } of peopleOf(body)) {
      const known = version.people.get(exampleId);
      if (!known) return differs(`${exampleId} is no row of the version`);
      if (contributor !== undefined && contributor !== known.contributor && !isImproved(known.acts)) {
        return differs(
          `${exampleId}: the receipt says contributed by ${contributor}, the version by ${known.contributor}`,
        );
      }
      if (acts && known.acts && wordsOf(acts) !== wordsOf(known.acts)) {
        return differs(`${exampleId}: the receipt says ${wordsOf(acts)}, the version ${wordsOf(known.acts)}`);
      }
    }
    const stranger = index?.file.ids.find((id) => !version.people.has(id));
    if (stranger !== undefined) return differs(`${stranger} of the index is no row of the version`);
    return ok(`${version.people.size} rows, root ${version.root}`);
  },
};

type Person = { exampleId: string; contributor: string | undefined; acts: readonly LineageAct[] | null };

function peopleOf(body: ReceiptBody): Person[] {
  if (body.version === 1) return body.attribution.rows.map((row) => ({ ...row, acts: null }));
  const { rows, retrieval } = body.attribution;
  return [...rows, ...(retrieval?.rows ?? [])].map(({ exampleId, roles }) => ({
    exampleId,
    contributor: roles.find(({ role }) => role === 'collect')?.account,
    acts: roles.map(({ role, account }) => ({ role, account })),
  }));
}

/** An improved row is contributed by who improved it, and collected by who wrote its oldest ancestor. */
function isImproved(acts: readonly LineageAct[] | null): boolean {
  return acts?.some(({ role }) => role === 'clean' || role === 'translate' || role === 'label') ?? false;
}

const wordsOf = (acts: readonly LineageAct[]) => acts.map(({ role, account }) => `${role} ${account}`).join(', ');
