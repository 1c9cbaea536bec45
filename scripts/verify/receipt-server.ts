import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { parseEnvelope, type ReceiptEnvelope } from './receipt-envelope.ts';

/** The public API of an OpenLedger, as a verifier uses it. */
export type ReceiptServer = {
  envelope(receiptId: string): Promise<ReceiptEnvelope & { json: unknown }>;
  /** Writes what is at `link` to `path`; false where the server has no such thing for us (401, 403, 404). */
  download(link: string, path: string): Promise<boolean>;
  /** What is at `path`; null where there is no such thing. */
  json(path: string): Promise<unknown>;
  /** Has the receipt computed again by its gateway. Returns what the server says. */
  challenge(receiptId: string): Promise<string>;
};

export function openReceiptServer(url: string, apiKey: string | null): ReceiptServer {
  const headers: Record<string, string> = apiKey ? { authorization: `Bearer ${apiKey}` } : {};
  const ask = async (path: string, init: RequestInit = {}) => {
    try {
      return await fetch(new URL(path, url), { ...init, headers });
    } catch (cause) {
      throw new Error(`${url} does not answer`, { cause });
    }
  };
  return {
    async envelope(receiptId) {
      const response = await ask(`/api/v1/receipts/${encodeURIComponent(receiptId)}`);
      if (!response.ok) throw new Error(`${url} has no receipt ${receiptId} (${response.status})`);
      const json: unknown = await response.json();
      return { ...parseEnvelope(json, null), json };
    },
    async download(link, path) {
      const response = await ask(link);
      if ([401, 403, 404].includes(response.status)) return false;
      if (!response.ok || !response.body) throw new Error(`${link} cannot be downloaded (${response.status})`);
      await pipeline(Readable.fromWeb(response.body as WebStream), createWriteStream(path));
      return true;
    },
    async json(path) {
      const response = await ask(path);
      if (response.status === 404) return null;
      if (!response.ok) throw new Error(`${path} cannot be read (${response.status})`);
      return response.json();
    },
    async challenge(receiptId) {
      const response = await ask(`/api/v1/receipts/${encodeURIComponent(receiptId)}/challenges`, { method: 'POST' });
      const answer = (await response.json()) as { id?: string; error?: { message?: string } };
      return response.ok ? `challenged: ${answer.id}` : `not challenged: ${answer.error?.message ?? response.status}`;
    },
  };
}
