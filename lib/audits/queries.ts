import { eq } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { adapterCertificates } from '#db/schema/audits.ts';
import type { Certificate } from './types.ts';

/** How far an adapter's attribution may be paid by; `pending` when nothing was measured yet. */
export async function findCertificate(db: DatabaseOrTransaction, adapterId: string): Promise<Certificate> {
  const [row] = await db.select().from(adapterCertificates).where(eq(adapterCertificates.adapterId, adapterId));
  if (!row) return { status: 'pending', alphaPpm: 0, sha256: null };
  const alphaPpm = row.status === 'certified' ? row.alphaPpm : 0;
  return { status: row.status, alphaPpm, sha256: row.sha256 as Certificate['sha256'] };
}
