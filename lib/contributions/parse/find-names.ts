import type { PiiFinding, RowData } from '../types.ts';
import { givenNames } from './given-names.ts';

const name = "\\p{Lu}[\\p{L}'’-]+";
const surname = `(?:(?:van|von|de|der|den|da|di|del|la|le|bin|al|el|Mc|Mac|O['’]) ?){0,2}${name}`;
const titles = 'Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Herr|Frau|Señor|Señora|Sr|Sra|Monsieur|Madame|Mme|Shri|Smt';
const roles =
  'patient|nurse|tenant|landlord|employee|colleague|neighbou?r|claimant|defendant|plaintiff|witness|student|pupil|teacher|manager|doctor|lawyer|agent|customer|client|resident';
const afterWords = `(?:my name is|name is|name:|named|call me|signed(?: by)?|signed,|sincerely,?|regards,?|contact|ask for|speak to|spoke (?:to|with)|met with|written by|on behalf of|${roles}|his wife|her husband|my (?:son|daughter|wife|husband|brother|sister|friend|boss|uncle|aunt))`;

/** A title before one or two names; a word that introduces somebody before two. The name itself is the first group. */
const introduced: readonly RegExp[] = [
  new RegExp(`(?<![\\p{L}])(?:${titles})\\.? (${name}(?: ${surname}){0,2})`, 'gu'),
  new RegExp(
    `(?<![\\p{L}])(?:${afterWords}|${afterWords.replace(/(?<![\p{L}\\])[a-z]/u, (c) => c.toUpperCase())})\\s+(${name}(?: \\p{Lu}\\.)? ${surname})`,
    'gu',
  ),
];
/** Two to three capitalised words running, the first of which is a given name. */
const pair = new RegExp(`(?<![\\p{L}])(${name})(?: \\p{Lu}\\.)?((?: ${surname}){1,2})`, 'gu');
/** What stands behind a name when it names something else: a place, a product, a law. */
const otherThings =
  /^(?:Street|Road|Avenue|City|County|River|Lake|Island|Bridge|University|College|Hospital|School|Church|Act|Law|Theorem|Protocol|Network|Chain|Inc|Ltd|Corp|Bank|Foundation|Labs|Award|Prize|Museum|Park|House|Mount|Bay|Valley|Beach|Airport|Station|Springs|Hill|Falls|January|February|March|April|May|June|July|August|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)$/u;

/**
 * Names that may be those of private people: after a title or a word that introduces somebody, or a known given name before a
 * capitalised one. Weak by nature, since a text does not say who is private; a person decides about it, never this alone.
 * Ranges of one field do not overlap and are sorted.
 */
export function findNames(data: RowData): PiiFinding[] {
  return Object.entries(data).flatMap(([field, text]) => {
    const ranges = [...introduced.flatMap((pattern) => afterIntroduction(pattern, text)), ...byGivenName(text)];
    const taken: { start: number; end: number }[] = [];
    for (const range of ranges) {
      if (taken.every((other) => range.end <= other.start || range.start >= other.end)) taken.push(range);
    }
    return taken.sort((a, b) => a.start - b.start).map((range) => ({ kind: 'name', field, ...range }));
  });
}

function afterIntroduction(pattern: RegExp, text: string): { start: number; end: number }[] {
  return [...text.matchAll(pattern)].flatMap(({ 0: whole, 1: found, index }) => {
    const words = found!.split(' ');
    if (words.some((word) => otherThings.test(word))) return [];
    const end = index + whole.length;
    return [{ start: end - found!.length, end }];
  });
}

function byGivenName(text: string): { start: number; end: number }[] {
  return [...text.matchAll(pair)].flatMap(({ 0: whole, 1: first, 2: rest, index }) => {
    const others = rest!.trim().split(' ');
    if (!givenNames.has(first!.toLowerCase()) || others.some((word) => otherThings.test(word))) return [];
    return [{ start: index, end: index + whole.length }];
  });
}
