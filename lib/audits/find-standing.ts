import { z } from 'zod';
import type { StandingShare } from '#lib/kernel/standing-shares.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { contentKey } from '#lib/platform/storage/content-address.ts';

const standingPart = z.object({
  standing: z.array(z.object({ exampleId: z.string(), ppm: z.number().int().positive() })).nullable(),
});

/**
 * The rows' standing shares as a certificate's document has them, by the document's hash, which receipts name: a later audit
 * moves nothing of what was promised before. Null when the document has none, because too few held-out answers had a source.
 * Throws ObjectNotFoundError, or zod's error for something else than a certificate.
 */
export async function findStanding(
  deps: Pick<Deps, 'store'>,
  certificateSha256: `0x${string}`,
): Promise<StandingShare[] | null> {
  const bytes = await deps.store.get(contentKey(certificateSha256));
  return standingPart.parse(JSON.parse(new TextDecoder().decode(bytes))).standing;
}
