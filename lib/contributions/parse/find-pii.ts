import { english } from 'viem/accounts';
import type { PiiFinding, PiiKind, RowData } from '../types.ts';
import { findNumbersOfPeople } from './find-numbers-of-people.ts';

type Range = { kind: PiiKind; start: number; end: number };

/** Secrets with a form of their own; hex keys need a word that says so, because hashes look the same. */
const secretPatterns: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b[xyz]prv[1-9A-HJ-NP-Za-km-z]{100,}/g,
  /\b[5KL][1-9A-HJ-NP-Za-km-z]{50,51}\b/g, // Bitcoin wallet import format
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bgh[pousr]_[A-Za-z0-9]{36,}\b/g,
  /\bsk-[A-Za-z0-9_-]{32,}/g,
  /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g, // JSON web token
  /\bxox[abprs]-[A-Za-z0-9-]{20,}/g,
];
const hexKeyPattern = /(?:0x)?\b[0-9a-fA-F]{64}\b|0x[0-9a-fA-F]{64}\b/g;
const hexKeyContext = /(?:private|secret|signing)[\s_-]*key|\bpriv(?:key)?\b|\bseed\b|\bmnemonic\b/i;

// The look-behind tries each run once: without it, 8,000 letters in a row cost 80 ms.
const emailPattern = /(?<![\p{L}\p{N}._%+-])[\p{L}\p{N}._%+-]+@(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}/gu;
/** Names reserved for examples (RFC 2606, RFC 6761): nobody reads mail there. */
const reservedDomain = /(?:^|[.@])(?:example\.(?:com|org|net)|[\p{L}\p{N}-]+\.(?:example|test|invalid|localhost))$/iu;

const phonePatterns: readonly RegExp[] = [
  /(?<![\w+.])(?:\+|00)[1-9]\d{0,2}(?:[ ./-]?\(?\d{1,4}\)?){2,6}(?![\w%])/g, // international
  /(?<![\w.,-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?![\w-])/g, // 555 123 4567
  /(?<![\w.,-])0\d{2,4}[ /-]\d{3,4}[ -]?\d{3,5}(?![\w-])/g, // national, leading zero
];

const cardPattern = /(?<![\w.-])(?:\d[ -]?){12,18}\d(?![\w-])/g;

const seedWords: ReadonlySet<string> = new Set(english);
const seedWordCounts = { least: 12, most: 24 };

/**
 * Personal and secret text in a row: e-mail addresses, telephone, card and bank account numbers, private keys, wallet seed
 * words, and what else numbers one person (find-numbers-of-people.ts). Simple patterns with a check where one exists (Luhn
 * for cards, the BIP-39 list for seed words, reserved domains for e-mail). Names are another matter: find-names.ts. Ranges of
 * one field do not overlap and are sorted.
 */
export function findPii(data: RowData): PiiFinding[] {
  return Object.entries(data).flatMap(([field, text]) => findInText(text).map((range) => ({ ...range, field })));
}

/** The same row with each finding replaced by its kind, e.g. `[e-mail]`. */
export function redactPii(data: RowData, findings: readonly PiiFinding[]): RowData {
  return Object.fromEntries(
    Object.entries(data).map(([field, text]) => {
      const own = findings.filter((finding) => finding.field === field).sort((a, b) => b.start - a.start);
      return [field, own.reduce((rest, f) => `${rest.slice(0, f.start)}[${f.kind}]${rest.slice(f.end)}`, text)];
    }),
  );
}

function findInText(text: string): Range[] {
  const all = [
    ...secretPatterns.flatMap((pattern) => matches('secret', pattern, text)),
    ...matches('secret', hexKeyPattern, text).filter((range) =>
      hexKeyContext.test(text.slice(Math.max(0, range.start - 60), range.start)),
    ),
    ...findSeedWords(text),
    ...matches('e-mail', emailPattern, text).filter(
      (range) => !reservedDomain.test(text.slice(range.start, range.end)),
    ),
    ...matches('card', cardPattern, text).filter((range) => isCardNumber(text.slice(range.start, range.end))),
    ...findNumbersOfPeople(text),
    ...phonePatterns
      .flatMap((pattern) => matches('phone', pattern, text))
      .filter((range) => hasPhoneDigits(text, range)),
  ];
  const taken: Range[] = []; // more certain kinds first, so a card is not also a phone number
  for (const range of all) {
    if (taken.every((other) => range.end <= other.start || range.start >= other.end)) taken.push(range);
  }
  return taken.sort((a, b) => a.start - b.start);
}

function matches(kind: PiiKind, pattern: RegExp, text: string): Range[] {
  return [...text.matchAll(pattern)].map((match) => ({ kind, start: match.index, end: match.index + match[0].length }));
}

/** E.164 allows 15 digits; fewer than 8 are too short to reach anybody from outside. */
function hasPhoneDigits(text: string, range: Range): boolean {
  const digits = text.slice(range.start, range.end).replace(/\D/g, '').length;
  return digits >= 8 && digits <= 16;
}

/** ISO/IEC 7812: 13 to 19 digits of a payment network, Luhn check digit, not one digit repeated. */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (!/^[2-6]\d{12,18}$/.test(digits) || /^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    const digit = Number(digits[digits.length - 1 - i]);
    sum += i % 2 === 0 ? digit : digit * 2 - (digit > 4 ? 9 : 0);
  }
  return sum % 10 === 0;
}

/** Runs of 12 or more words of the BIP-39 list, numbered or not. Ordinary prose breaks such a run within a few words. */
function findSeedWords(text: string): Range[] {
  const words = [...text.matchAll(/[A-Za-z]+/g)];
  const found: Range[] = [];
  let run: RegExpExecArray[] = [];
  const close = () => {
    if (run.length >= seedWordCounts.least) {
      const last = run.at(-1)!;
      found.push({ kind: 'seed-words', start: run[0]!.index, end: last.index + last[0].length });
    }
    run = [];
  };
  for (const word of words) {
    const before = run.at(-1);
    const gap = before ? text.slice(before.index + before[0].length, word.index) : '';
    if (!seedWords.has(word[0].toLowerCase()) || !/^[\s,;:.)\d-]*$/.test(gap)) close();
    if (seedWords.has(word[0].toLowerCase())) run.push(word);
    if (run.length > seedWordCounts.most) close();
  }
  close();
  return found;
}
