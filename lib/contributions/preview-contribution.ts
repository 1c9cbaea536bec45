import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { findKnownExamples } from './find-known-examples.ts';
import type { PreviewContributionInput } from './schema.ts';
import type { KnownExample } from './types.ts';

/**
 * Which rows of a draft are stored already: the part of the preview that the browser cannot know. It sends content hashes
 * only and combines the answer with its own verdicts by `judgeRows`. Anyone may ask, since rows are public. One index
 * look-up a hash.
 */
export async function previewContribution(
  deps: Pick<Deps, 'db'>,
  _actor: Actor,
  input: PreviewContributionInput,
): Promise<{ known: (KnownExample & { contentHash: string })[] }> {
  const { id } = await getDatanetTerms(deps.db, input.datanetId);
  const known = await findKnownExamples(deps.db, id, input.contentHashes);
  return { known: [...known].map(([contentHash, example]) => ({ contentHash, ...example })) };
}
