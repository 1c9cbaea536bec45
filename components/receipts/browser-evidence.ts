import { sha256 } from 'viem';
import { bufferSource } from '#lib/kernel/byte-source.ts';
import type { TaskFile } from '#lib/kernel/task/task-schema.ts';
import type { ReceiptEvidence, ReceiptSettlementProof } from '#lib/kernel/verification/receipt-evidence.ts';
import { indexBytesMax } from './index-bytes-max.ts';

/** What `GET /api/v1/receipts/<id>` has beside the receipt. */
type Envelope = {
  body: unknown;
  hash: string;
  signature: string;
  settlement: ReceiptSettlementProof | null;
  links: { codes: string; index: string; certificate: string | null };
};

/**
 * The evidence that a browser can get: the receipt as the API gives it, its public files, and its proof. What needs the model, the
 * payer's words or the chain is left to `npm run verify`. Throws where the server does not answer.
 */
export async function fetchBrowserEvidence(
  receiptId: string,
  onProgress: (step: string, done: number, total: number) => void,
): Promise<ReceiptEvidence> {
  const response = await fetch(`/api/v1/receipts/${receiptId}`);
  if (!response.ok) throw new Error('The server did not give the receipt. Try again in a moment.');
  const { body, hash, signature, settlement, links } = (await response.json()) as Envelope;
  const nowhere = async () => null;
  return {
    ...{ receipt: body, hash, signature, gateway: null },
    certificate: async () => (links.certificate ? download(links.certificate) : null),
    codes: () => download(links.codes),
    async index() {
      const bytes = await download(links.index, (done, total) => onProgress('index', done, total));
      return bytes && { source: bufferSource(bytes), sha256: sha256(bytes).slice(2) };
    },
    ...{ owners: nowhere, answer: nowhere, recompute: nowhere, epoch: nowhere, period: nowhere },
    tasks: fetchTask,
    settlement: async () => settlement,
    onProgress,
  };
}

/** A task with its receipt; null where there is none. */
export async function fetchTask(id: string): Promise<TaskFile | null> {
  const response = await fetch(`/api/v1/tasks/${encodeURIComponent(id)}`);
  if (response.status === 404) return null;
  if (!response.ok) throw new Error('The server did not give the task. Try again in a moment.');
  return (await response.json()) as TaskFile;
}

/** The bytes, null where they are more than a browser should take, or are not to be had. */
async function download(
  link: string,
  onProgress: (done: number, total: number) => void = () => {},
): Promise<Uint8Array | null> {
  const response = await fetch(link);
  const total = Number(response.headers.get('content-length') ?? 0);
  if (!response.ok || !response.body || total > indexBytesMax) {
    await response.body?.cancel();
    return null;
  }
  const parts: Uint8Array[] = [];
  let done = 0;
  for (const reader = response.body.getReader(); ; ) {
    const { value } = await reader.read();
    if (!value) return join(parts, done);
    parts.push(value);
    done += value.length;
    if (done > indexBytesMax) {
      await reader.cancel();
      return null;
    }
    onProgress(done, total);
  }
}

function join(parts: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
