import type { PiiKind } from '../types.ts';

type Range = { kind: PiiKind; start: number; end: number };

/** Words before a number that make it somebody's; without them a number is only a number. */
const recordWords =
  "passport|driv(?:er|ing)(?:\u2019s|'s)? licen[cs]e|licen[cs]e plate|patient|medical record|mrn|policy|member(?:ship)?|" +
  'bank account|account|routing|sort code|tax(?:payer)?|tin|employee|student';
const recordPattern = new RegExp(
  `\\b(?:${recordWords})\\b(?:\\s+(?:number|no\\.?|nr\\.?|id|code|record))*\\s*(?:is|was|:|#|=)?\\s*#?((?=(?:[A-Z-]*\\d){4})[A-Z0-9][A-Z0-9-]{5,19})\\b`,
  'gi',
);

const ibanPattern = /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g;
const nationalPatterns: readonly RegExp[] = [
  /(?<![\w-])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])/g, // United States: social security
  /(?<![\w-])(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w)/g, // United Kingdom: national insurance
  /(?<![\w-])[12]\d{2}(?:0[1-9]|1[0-2])(?:\d{2}|2[AB])\d{8}(?!\w)/g, // France: NIR
  /(?<![\w-])\d{8}-?[A-HJ-NP-TV-Z](?![\w-])/g, // Spain: DNI, with its check letter
];
const birthPattern =
  /\b(?:born(?:\s+on)?|date of birth|d\.?o\.?b\.?|birthday|birth date)\b[\s:,is]{0,12}((?:\d{1,2}(?:st|nd|rd|th)?[\s./-]+(?:of\s+)?(?:\d{1,2}|[A-Z][a-z]{2,8})|[A-Z][a-z]{2,8}\s+\d{1,2}(?:st|nd|rd|th)?)[\s,./-]+\d{2,4}|\d{4}-\d{2}-\d{2})/gi;
const streets =
  'Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Sq|Terrace|Way|Close|Crescent|Place|Row|Gardens';
const streetPatterns: readonly RegExp[] = [
  new RegExp(`(?<![\\p{L}\\d-])\\d{1,5}[A-Za-z]?,? (?:\\p{Lu}[\\p{L}'’.-]+ ){1,3}(?:${streets})(?![\\p{L}])\\.?`, 'gu'),
  /(?<![\p{L}\d])\p{Lu}\p{L}+(?:straße|strasse|str\.|gasse|weg|allee|platz|straat|laan) \d{1,4}[a-z]?(?!\d|\.\d)/gu,
  /(?<![\p{L}\d])(?:[Rr]ue|[Vv]ia|[Cc]alle|[Rr]ua|[Uu]lica|ul\.) (?:(?:de|du|des|la|le|del|della|da|do) )*\p{Lu}\p{Ll}[\p{L}-]+,? (?:n[ºo°] ?)?\d{1,4}\b/gu,
  /(?<![\p{L}\d])\d{1,4},? (?:bis )?(?:rue|avenue|boulevard|place) (?:(?:de|du|des|la|le|l['’]) ?)*\p{Lu}[\p{L}-]+/gu,
];
const octet = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const ipPattern = new RegExp(
  `\\b(?:my|his|her|their|user(?:'s|’s)?|customer(?:'s|’s)?|client(?:'s|’s)?|home|patient(?:'s|’s)?|visitor(?:'s|’s)?) (?:own )?ip(?:v[46])?(?: address)?\\W{1,3}(?:is |was )?(${octet}(?:\\.${octet}){3}|(?:[0-9a-f]{1,4}:){3,7}[0-9a-f:]{1,4})`,
  'gi',
);

/**
 * Numbers, dates and addresses that belong to one person, with the check digit where the number has one (ISO 13616 for bank
 * accounts, modulo 23 for the Spanish DNI). Numbers without a form of their own count only after a word that says whose they
 * are: a threat report may name the address of a server.
 */
export function findNumbersOfPeople(text: string): Range[] {
  return [
    ...whole('bank-account', ibanPattern, text).filter((range) => isIban(text.slice(range.start, range.end))),
    ...nationalPatterns.flatMap((pattern, i) =>
      whole('national-id', pattern, text).filter((range) => i < 3 || isDni(text.slice(range.start, range.end))),
    ),
    ...captured('birth-date', birthPattern, text),
    ...streetPatterns.flatMap((pattern) => whole('street-address', pattern, text)),
    ...captured('ip-address', ipPattern, text),
    ...captured('record-number', recordPattern, text),
  ];
}

function whole(kind: PiiKind, pattern: RegExp, text: string): Range[] {
  return [...text.matchAll(pattern)].map(({ 0: found, index }) => ({ kind, start: index, end: index + found.length }));
}

/** The first group of the pattern, which stands at the end of each match. */
function captured(kind: PiiKind, pattern: RegExp, text: string): Range[] {
  return [...text.matchAll(pattern)].map(({ 0: found, 1: group, index }) => {
    const end = index + found.length;
    return { kind, start: end - group!.length, end };
  });
}

/** ISO 13616: letters as numbers, first four signs at the end, remainder 1 modulo 97. */
function isIban(text: string): boolean {
  const signs = text.replace(/ /g, '');
  if (signs.length < 15 || signs.length > 34) return false;
  let rest = 0;
  for (const sign of signs.slice(4) + signs.slice(0, 4)) {
    for (const digit of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(digit)) % 97;
  }
  return rest === 1;
}

function isDni(text: string): boolean {
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(text.slice(0, 8)) % 23] === text.at(-1);
}
