import { findReadAccess } from '#lib/access/get-read-access.ts';
import { getDatanetId } from '#lib/datanets/get-datanet-id.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { findKnownExamples } from './find-known-examples.ts';
import type { PreviewContributionInput } from './schema.ts';
import type { KnownExample } from './types.ts';

/**
 * Which rows of a draft are stored already: the part of the preview that the browser cannot know. It sends content hashes
 * only and combines the answer with its own verdicts by `judgeRows`. Anyone may ask about public rows; about private
 * ones a stranger learns nothing, and about rows that wait only that there is one. One index look-up a hash.
 */
export async function previewContribution(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  input: PreviewContributionInput,
): Promise<{ known: (KnownExample & { contentHash: string })[] }> {
  const id = await getDatanetId(deps.db, input.datanetId);
  const access = await findReadAccess(deps, actor, id);
  if (!access.mayContribute) return { known: [] };
  const known = await findKnownExamples(
    deps.db,
    id,
    input.contentHashes,
    actor.kind === 'account' ? actor.address : null,
  );
  // Whether a text was there that its author took back is nobody's to ask; sending it is refused all the same.
  const standing = [...known].filter(([, { status }]) => status !== 'withdrawn');
  return { known: standing.map(([contentHash, example]) => ({ contentHash, ...example })) };
}
