import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ReceiptEnvelope } from './receipt-envelope.ts';
import type { ReceiptServer } from './receipt-server.ts';

/** Files of a receipt, under these names in a folder. */
export const fileNames = {
  index: 'attribution.index',
  codes: 'query.codes',
  certificate: 'certificate.json',
  rows: 'rows.jsonl',
  period: 'period.json',
  answer: 'answer.json',
} as const;
export type FileKind = keyof typeof fileNames;

/** Where a file of the receipt is, from the first that has it: the option, its folder, the server. Null: nobody has it for us. */
export async function findFile(
  kind: FileKind,
  place: { envelope: ReceiptEnvelope; given: string | null; server: ReceiptServer | null; into: string },
): Promise<string | null> {
  const { envelope, given, server, into } = place;
  if (given) return given;
  const beside = envelope.folder && join(envelope.folder, fileNames[kind]);
  if (beside && existsSync(beside)) return beside;
  const link = envelope.links[kind];
  const target = join(into, fileNames[kind]);
  return link && server && (await server.download(link, target)) ? target : null;
}
