import type { StandingShare } from '#lib/kernel/standing-shares.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { findCertificateDocument } from './find-certificate-document.ts';
import { findCertificate } from './queries.ts';

/**
 * What each row stands for in the adapter's answers to questions that it was never trained on, millionths that sum to
 * 1,000,000; fixed with the certificate. Null without a valid one, and where too few questions have a confident source.
 */
export async function findStanding(
  deps: Pick<Deps, 'db' | 'store'>,
  adapterId: string,
): Promise<StandingShare[] | null> {
  const { sha256 } = await findCertificate(deps.db, adapterId);
  const document = sha256 && (await findCertificateDocument(deps.store, sha256));
  return document ? document.standing : null;
}
