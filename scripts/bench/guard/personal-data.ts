import type { PiiKind } from '#lib/contributions/types.ts';
import { createRandom } from '#lib/engine/train/random.ts';

type Random = () => number;
const digits = (length: number, random: Random) => Array.from({ length }, () => Math.floor(random() * 10)).join('');
const pick = <T>(list: readonly T[], random: Random): T => list[Math.floor(random() * list.length)]!;

/** Given names, two in three of them frequent ones; the others stand in no list and can only be told by what stands before them. */
const given =
  'Anna Peter Fatima Hiroshi Carlos Priya Ivan Olga Emma Chidi Lars Zeynep Rosa Ewan Tomasz Wilhelmina Thandeka Bartholomew Yevgenia Ottoline Caoimhe Torsten'.split(
    ' ',
  );
const family =
  'Aldermann Brightwater Castellane Dunmore Eskildsen Fernwood Grimaldi Hollowell Ivanchuk Jankowiak Kettleby Lindqvist Moorcroft Nakagawa Okonjo Pemberton Quillfeather Rosenthal'.split(
    ' ',
  );
const streets = ['Maple Street', 'Old Mill Road', 'Victoria Avenue', 'Harbour Lane', 'Church Drive', 'Queens Court'];
const months = ['January', 'March', 'May', 'July', 'October', 'December'];
const seedWords =
  'legal winner thank year wave sausage worth useful abandon ability able about above absent absorb abstract absurd abuse access accident'.split(
    ' ',
  );

function luhn(prefix: string, length: number, random: Random): string {
  const body = prefix + digits(length - prefix.length - 1, random);
  let sum = 0;
  for (let i = 0; i < body.length; i++) {
    const digit = Number(body[body.length - 1 - i]);
    sum += i % 2 === 0 ? (digit > 4 ? digit * 2 - 9 : digit * 2) : digit;
  }
  return body + String((10 - (sum % 10)) % 10);
}

function iban(country: string, body: string): string {
  let rest = 0;
  for (const sign of `${body}${country}00`)
    for (const d of String(Number.parseInt(sign, 36))) rest = (rest * 10 + Number(d)) % 97;
  const all = `${country}${String(98 - rest).padStart(2, '0')}${body}`;
  return all.replace(/(.{4})(?=.)/g, '$1 ');
}

function dni(random: Random): string {
  const number = digits(8, random);
  return number + 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23];
}

/** One item of each kind as people write it, in several forms. */
const items: Readonly<Record<PiiKind, (random: Random) => string>> = {
  'e-mail': (r) =>
    pick(
      [
        `write to ${pick(given, r).toLowerCase()}.${pick(family, r).toLowerCase()}@mail-${digits(2, r)}.com`,
        `<${pick(family, r).toLowerCase()}${digits(2, r)}@post.co.uk>`,
      ],
      r,
    ),
  phone: (r) =>
    pick(
      [
        `call +44 20 ${digits(4, r)} ${digits(4, r)}`,
        `ring (${2 + Math.floor(r() * 7)}12) 555-0${digits(3, r)}`,
        `phone 0171 ${digits(3, r)}${digits(4, r)}`,
        `+49 30 ${digits(4, r)} ${digits(3, r)}`,
      ],
      r,
    ),
  card: (r) => `card ${luhn(pick(['4', '51', '37'], r), 16, r).replace(/(.{4})(?=.)/g, pick(['$1 ', '$1-', '$1'], r))}`,
  secret: (r) =>
    pick(
      [
        `token ghp_${Array.from({ length: 36 }, () => pick([...'abcdefghijkABCDEFGH0123456789'], r)).join('')}`,
        `private key 0x${Array.from({ length: 64 }, () => pick([...'0123456789abcdef'], r)).join('')}`,
        `AKIA${Array.from({ length: 16 }, () => pick([...'ABCDEFGHIJ234567'], r)).join('')}`,
      ],
      r,
    ),
  'seed-words': (r) => `my words: ${Array.from({ length: 12 }, () => pick(seedWords, r)).join(' ')}`,
  'bank-account': (r) =>
    `pay to ${pick([iban('DE', digits(18, r)), iban('FR', digits(23, r)), iban('GB', `NWBK${digits(14, r)}`)], r)}`,
  'national-id': (r) =>
    pick(
      [
        `SSN ${1 + Math.floor(r() * 5)}${digits(1, r)}1-${1 + Math.floor(r() * 8)}1-${1 + Math.floor(r() * 8)}${digits(3, r)}`,
        `number AB ${digits(2, r)} ${digits(2, r)} ${digits(2, r)} C`,
        `DNI ${dni(r)}`,
      ],
      r,
    ),
  'birth-date': (r) =>
    pick(
      [
        `born on ${1 + Math.floor(r() * 28)} ${pick(months, r)} 19${digits(2, r)}`,
        `date of birth: 19${digits(2, r)}-0${1 + Math.floor(r() * 9)}-1${digits(1, r)}`,
        `DOB 0${1 + Math.floor(r() * 9)}/1${digits(1, r)}/19${digits(2, r)}`,
      ],
      r,
    ),
  'street-address': (r) =>
    pick(
      [
        `lives at ${1 + Math.floor(r() * 300)} ${pick(streets, r)}`,
        `wohnt in der Lindenstraße ${1 + Math.floor(r() * 90)}`,
        `habite ${1 + Math.floor(r() * 90)} rue de la Fontaine`,
      ],
      r,
    ),
  'ip-address': (r) =>
    pick(
      [
        `my IP address is ${[0, 0, 0, 0].map(() => 10 + Math.floor(r() * 200)).join('.')}`,
        `the customer's IP was ${[0, 0, 0, 0].map(() => 10 + Math.floor(r() * 200)).join('.')}`,
      ],
      r,
    ),
  'record-number': (r) =>
    pick(
      [
        `passport number ${pick(['X', 'P', 'C'], r)}${digits(8, r)}`,
        `account no. ${digits(9, r)}`,
        `medical record number: MR-${digits(7, r)}`,
        `driving licence ${pick(family, r).slice(0, 5).toUpperCase()}${digits(6, r)}`,
      ],
      r,
    ),
  name: (r) => {
    const [first, last] = [pick(given, r), pick(family, r)];
    return pick(
      [
        `my name is ${first} ${last}`,
        `I spoke to ${first} ${last} yesterday`,
        `Dr ${last} signed it`,
        `it was ${first} ${last} who asked`,
        `patient ${first} ${last}`,
        `Mrs ${first} ${last} agreed`,
        `from ${first} ${last}, by post`,
      ],
      r,
    );
  },
};

export type PlantedItem = { kind: PiiKind; text: string };

/** `count` items over the twelve kinds, each in a sentence of its own. */
export function plantedItems(count: number): PlantedItem[] {
  const kinds = Object.keys(items) as PiiKind[];
  const random = createRandom('personal data');
  return Array.from({ length: count }, (_, i) => {
    const kind = kinds[i % kinds.length]!;
    const item = items[kind](random);
    return {
      kind,
      text: `${pick(['As agreed,', 'For the file:', 'Please note,', 'We noted:'], random)} ${item}${pick(['.', ', as before.', ' and nothing else.'], random)}`,
    };
  });
}
