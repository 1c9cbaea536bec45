/** What a licence asks of what is made from the rows. `id` as SPDX writes it. */
export type LicenceTerms = {
  id: string;
  /** The people (or the Datanet) must be named. */
  attribution: boolean;
  /** What is made from it stays under the same licence. */
  shareAlike: boolean;
  /** May be used for money. */
  commercial: boolean;
  /** Something else may be made from it and handed on. */
  derivatives: boolean;
};

const open = { attribution: true, shareAlike: false, commercial: true, derivatives: true } as const;
const table: readonly LicenceTerms[] = [
  { ...open, id: 'CC0-1.0', attribution: false },
  { ...open, id: 'PDDL-1.0', attribution: false },
  { ...open, id: 'CC-BY-4.0' },
  { ...open, id: 'ODC-By-1.0' },
  { ...open, id: 'CC-BY-SA-4.0', shareAlike: true },
  { ...open, id: 'ODbL-1.0', shareAlike: true },
  { ...open, id: 'CC-BY-NC-4.0', commercial: false },
  { ...open, id: 'CC-BY-NC-SA-4.0', commercial: false, shareAlike: true },
  { ...open, id: 'CC-BY-ND-4.0', derivatives: false },
  { ...open, id: 'CC-BY-NC-ND-4.0', commercial: false, derivatives: false },
  // A file of one's own: its owner alone decides, and nobody else gets the rows.
  { ...open, id: 'LicenseRef-private', attribution: false, derivatives: true },
];

/** Terms of an SPDX identifier; null for one that this table does not know, of which nothing may be assumed. */
function findLicence(id: string): LicenceTerms | null {
  return table.find((licence) => licence.id === id) ?? null;
}

export type InheritedLicence =
  | { ok: true; licence: string; terms: LicenceTerms; sentences: string[] }
  | { ok: false; between: [string, string]; sentence: string };

/**
 * Under which licence something stands that was made from all of these at once, and what that asks for, in sentences for people. The strictest
 * of them decides: share-alike passes on its own licence; two different share-alike ones cannot both be kept, nor share-alike beside what
 * forbids sale; what forbids derivatives can be mixed with nothing. One licence alone is inherited as it is. Which law makes a model a
 * derivative of its rows is open; this rule acts as if it were one. Pure.
 *
 * @param licences SPDX identifiers, at least one; of the same several times, one counts
 */
export function inheritLicence(licences: readonly string[]): InheritedLicence {
  const ids = [...new Set(licences)].sort();
  const [first, second] = ids;
  if (first === undefined) throw new RangeError('inheriting a licence needs one');
  const terms = ids.map((id) => findLicence(id));
  const alone = ids.length === 1;
  for (const [i, one] of terms.entries()) {
    const id = ids[i]!;
    const other = i === 0 ? (second ?? first) : first;
    if (one === null && !alone)
      return refuse(id, other, `the terms of ${id} are not known here, so it is mixed with nothing`);
    if (one?.derivatives === false && !alone)
      return refuse(id, other, `${id} forbids to hand on what is made from it together with other rows`);
  }
  const known = terms.filter((one) => one !== null);
  if (known.length === 0) return unknown(first);
  const alike = known.filter(({ shareAlike }) => shareAlike);
  if (alike.length > 1)
    return refuse(alike[0]!.id, alike[1]!.id, 'each wants what is made from it under its own terms alone');
  const unsold = known.find(({ commercial }) => !commercial);
  const [kept] = alike;
  if (kept?.commercial && unsold)
    return refuse(kept.id, unsold.id, `${kept.id} lets everybody sell what is made from it, ${unsold.id} nobody`);
  const chosen = kept ?? unsold ?? known.find(({ id }) => id === 'LicenseRef-private') ?? strictest(known);
  const attribution = known.some((one) => one.attribution);
  const inherited = { ...chosen, attribution };
  return { ok: true, licence: chosen.id, terms: inherited, sentences: sentencesOf(inherited) };
}

/** Naming asks for more than nothing. */
const strictest = (known: readonly LicenceTerms[]) => known.find(({ attribution }) => attribution) ?? known[0]!;

function refuse(a: string, b: string, why: string): InheritedLicence {
  return { ok: false, between: [a, b], sentence: `${a} and ${b} cannot be kept together: ${why}.` };
}

/** Nothing may be assumed of it: not sold, not mixed. */
function unknown(id: string): InheritedLicence {
  const terms: LicenceTerms = { id, attribution: true, shareAlike: true, commercial: false, derivatives: true };
  return {
    ok: true,
    licence: id,
    terms,
    sentences: [`${id}: read it before you publish; it may forbid a paid model.`],
  };
}

function sentencesOf({ id, attribution, shareAlike, commercial, derivatives }: LicenceTerms): string[] {
  return [
    attribution
      ? `${id}: who contributed must be named. Each receipt names them, so a published model fulfils it.`
      : `${id}: nobody has to be named. Contributors are still named and paid.`,
    ...(shareAlike ? [`What is made from the rows, the model included, stays under ${id}.`] : []),
    ...(commercial ? [] : ['It may not be sold: a model of these rows answers at no price.']),
    ...(derivatives ? [] : ['What is made from the rows may not be handed on: the model stays with you alone.']),
  ];
}
