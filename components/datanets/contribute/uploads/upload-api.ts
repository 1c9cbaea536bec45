import { pieceBytes } from '#lib/contributions/limits.ts';

/** An upload as the API answers it (docs/api.md). */
export type Upload = {
  id: string;
  status: 'receiving' | 'reading' | 'done' | 'failed' | 'dropped';
  failure: string | null;
  file_name: string;
  size_bytes: number;
  received_bytes: number;
  read_bytes: number;
  contribution_id: string | null;
  rows: { new: number; duplicate: number; held: number; invalid: number };
  faults: { line: number; what: string }[];
};

const triesMost = 6;

/** What names a file in this browser and the next: its name, size, time, and its first bytes. */
export async function keyOfFile(file: File): Promise<string> {
  const head = new Uint8Array(await file.slice(0, 65_536).arrayBuffer());
  const name = new TextEncoder().encode(`${file.name}\n${file.size}\n${file.lastModified}\n`);
  const hash = await crypto.subtle.digest('SHA-256', new Uint8Array([...name, ...head]));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function startUpload(slug: string, file: File, key: string): Promise<Upload> {
  const body = { file_name: file.name.slice(-120), size_bytes: file.size, idempotency_key: key };
  return call(`/datanets/${slug}/uploads`, JSON.stringify(body), 'application/json');
}

export const readUpload = (id: string): Promise<Upload> => call(`/uploads/${id}`);

/** Sends what is missing of a file, piece by piece; a piece that fails is tried again, later each time. `signal` stops between pieces. */
export async function sendPieces(
  upload: Upload,
  file: File,
  { signal, onPiece }: { signal: AbortSignal; onPiece: (upload: Upload) => void },
): Promise<void> {
  let now = upload;
  for (let tries = 0; now.status === 'receiving' && !signal.aborted; ) {
    const from = now.received_bytes;
    try {
      now = await call(
        `/uploads/${now.id}/pieces/${from}`,
        file.slice(from, from + pieceBytes),
        'application/octet-stream',
      );
      tries = 0;
    } catch (error) {
      if (++tries === triesMost) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500 * 2 ** tries));
      now = await readUpload(now.id).catch(() => now); // another tab may have sent the piece
    }
    onPiece(now);
  }
}

async function call(path: string, body?: BodyInit, type?: string): Promise<Upload> {
  const init = body === undefined ? {} : { method: 'POST', body, headers: { 'content-type': type! } };
  const answer = await fetch(`/api/v1${path}`, init);
  const json = (await answer.json()) as Upload & { error?: { message: string } };
  if (!answer.ok) throw new Error(json.error?.message ?? `The server answered ${answer.status}.`);
  return json;
}
