import { contentKey, sha256 } from '#lib/platform/storage/content-address.ts';
import { ObjectNotFoundError, type ObjectStore } from '#lib/platform/storage/object-store.ts';
import type { CertificateDocument } from './certificate-document.ts';

/** The document of that hash; null when there is none, or its bytes are others. */
export async function findCertificateDocument(
  store: Pick<ObjectStore, 'get'>,
  hash: `0x${string}`,
): Promise<CertificateDocument | null> {
  const bytes = await store.get(contentKey(hash)).catch((error: unknown) => {
    if (error instanceof ObjectNotFoundError) return null;
    throw error;
  });
  if (!bytes || sha256(bytes) !== hash) return null;
  const document = JSON.parse(new TextDecoder().decode(bytes)) as CertificateDocument;
  return document.version === 'attribution-certificate/1' ? document : null;
}
