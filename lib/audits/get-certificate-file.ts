import { and, eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { adapterAudits } from '#db/schema/audits.ts';
import { contentKey } from '#lib/platform/storage/content-address.ts';
import { CertificateNotFoundError } from './errors.ts';
import { findCertificate } from './queries.ts';

/**
 * Where an adapter's certificate document is: the current one, or the earlier one that a receipt names.
 * @throws CertificateNotFoundError
 */
export async function getCertificateFile(
  db: DatabaseOrTransaction,
  adapterId: string,
  named?: `0x${string}`,
): Promise<{ key: string; hash: string }> {
  const hash = named ?? (await findCertificate(db, adapterId)).sha256;
  if (hash === null) throw new CertificateNotFoundError();
  const isOfAdapter = and(eq(adapterAudits.adapterId, adapterId), eq(adapterAudits.documentSha256, hash));
  if ((await db.$count(adapterAudits, isOfAdapter)) === 0) throw new CertificateNotFoundError();
  return { key: contentKey(hash), hash };
}
