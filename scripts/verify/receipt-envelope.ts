import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ReceiptSettlementProof } from '#lib/kernel/verification/receipt-evidence.ts';

/** A receipt with what stands beside it: as the API gives it, or a body alone. */
export type ReceiptEnvelope = {
  body: unknown;
  hash: string | null;
  signature: string | null;
  settlement: ReceiptSettlementProof | null;
  /** Addresses of its files on the server, by name. */
  links: Partial<Record<string, string | null>>;
  /** The folder that it lay in, whose other files belong to it; null for one from a server. */
  folder: string | null;
};

/** Reads an envelope or a bare body. Throws where there is no receipt in it. */
export function parseEnvelope(json: unknown, folder: string | null): ReceiptEnvelope {
  if (json === null || typeof json !== 'object') throw new Error('this is no receipt');
  const given = json as Record<string, unknown>;
  if (!('body' in given)) {
    if ('state' in given) throw new Error(`there is no receipt yet: ${String(given.state)}`);
    return { body: json, hash: null, signature: null, settlement: null, links: {}, folder };
  }
  const { body, hash = null, signature = null, settlement = null, links = {} } = given as Record<string, never>;
  return { body, hash, signature, settlement, links, folder };
}

/** The receipt of a folder, or of a file; files beside a single file are not taken for its own. */
export async function readEnvelope(path: string): Promise<ReceiptEnvelope> {
  const isFolder = (await stat(path)).isDirectory();
  const file = isFolder ? join(path, 'receipt.json') : path;
  return parseEnvelope(JSON.parse(await readFile(file, 'utf8')) as unknown, isFolder ? path : null);
}
