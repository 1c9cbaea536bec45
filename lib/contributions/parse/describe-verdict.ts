import type { PiiKind, RowVerdict } from '../types.ts';

const piiNames: Record<PiiKind, string> = {
  'e-mail': 'an e-mail address',
  phone: 'a telephone number',
  card: 'a card number',
  secret: 'a private key or access token',
  'seed-words': 'wallet seed words',
  'bank-account': 'a bank account number',
  'national-id': 'a national identity number',
  'birth-date': 'a date of birth',
  'street-address': 'a street address',
  'ip-address': 'somebody’s IP address',
  'record-number': 'the number of somebody’s document or account',
  name: 'a person’s name',
};

/** Of a twin that waits or was refused nothing more is told, and the same of a gold row. */
const unpublishedTwin = 'Duplicate of a row that was sent before and is not published.';

/** One sentence for the person who sent the row; the same words in the preview, on the status page and in the API. */
export function describeVerdict(verdict: RowVerdict): string {
  switch (verdict.kind) {
    case 'new':
      return 'New: goes to the curators.';
    case 'duplicate':
      return verdict.exampleId === null ? unpublishedTwin : `Duplicate of ${verdict.exampleId} (${verdict.status}).`;
    case 'duplicate-in-file':
      return `Duplicate of line ${verdict.firstLine} of this file.`;
    case 'invalid':
      return verdict.fix;
    case 'held': {
      const kinds = [...new Set(verdict.findings.map((finding) => piiNames[finding.kind]))];
      return `Held: it seems to contain ${kinds.join(' and ')}. Take it out, or send the redacted row.`;
    }
    default:
      return verdict satisfies never;
  }
}
