import { and, eq } from 'drizzle-orm';
import { uploads } from '#db/schema/uploads.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { pieceBytes } from '../limits.ts';
import { UploadClosedError, UploadNotFoundError, UploadOffsetError, UploadPieceError } from './errors.ts';
import type { UploadView } from './types.ts';
import { pieceKey } from './upload-pieces.ts';
import { toUploadView } from './upload-view.ts';

export type PieceInput = { id: string; offset: number; bytes: Uint8Array };

/**
 * Takes the next piece of a file. One that came before is taken as said twice and changes nothing. With the last one the worker is told
 * to read the rows.
 *
 * @throws {UploadOffsetError} it begins elsewhere than where the file has come to
 * @throws {UploadPieceError | UploadClosedError | UploadNotFoundError | NotSignedInError}
 */
export async function putPiece(
  deps: Pick<Deps, 'db' | 'store' | 'queue' | 'now'>,
  actor: Actor,
  { id, offset, bytes }: PieceInput,
): Promise<UploadView> {
  const { address } = assertAccount(actor);
  if (bytes.length === 0 || bytes.length > pieceBytes) {
    throw new UploadPieceError(`A piece has 1 to ${pieceBytes} bytes; this one has ${bytes.length}.`);
  }
  return deps.db.transaction(async (tx) => {
    const own = and(eq(uploads.id, id), eq(uploads.contributor, address));
    const [upload] = await tx.select().from(uploads).where(own).for('update');
    if (!upload) throw new UploadNotFoundError();
    const end = offset + bytes.length;
    if (end <= upload.receivedBytes) return toUploadView(upload);
    if (upload.status !== 'receiving') throw new UploadClosedError(upload.status);
    if (offset !== upload.receivedBytes) throw new UploadOffsetError(upload.receivedBytes);
    if (end > upload.sizeBytes) {
      throw new UploadPieceError(`The file was said to have ${upload.sizeBytes} bytes; this piece ends at ${end}.`);
    }
    // The piece first: if the transaction fails, it is sent and written again under the same key.
    await deps.store.put(pieceKey(id, offset), bytes);
    const isWhole = end === upload.sizeBytes;
    const change = { receivedBytes: end, changedAt: deps.now(), ...(isWhole && { status: 'reading' as const }) };
    const [changed] = await tx.update(uploads).set(change).where(eq(uploads.id, id)).returning();
    if (isWhole) await deps.queue.send('read-upload', { uploadId: id }, { key: id, tx });
    return toUploadView(changed!);
  });
}
