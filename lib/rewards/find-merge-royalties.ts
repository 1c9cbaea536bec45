import type { Hex } from 'viem';
import type { Deps } from '#lib/platform/deps.ts';
import { loadRoyalties } from './load-royalties.ts';

/**
 * What a published merge owes the owner of each of its models, in their order: bps of the part of the merge's owner, times the model's weight.
 * Null before the chain's events tell of its publication, and while the chain does not answer.
 */
export async function findMergeRoyalties(
  deps: Pick<Deps, 'db' | 'chain' | 'log'>,
  model: { id: string; versionHash: string },
): Promise<number[] | null> {
  try {
    const owed = await loadRoyalties(deps, [{ id: model.id, versionHash: model.versionHash as Hex }]);
    return owed[model.id]?.merged?.map(({ payees: [owner] }) => owner?.[1] ?? 0) ?? null;
  } catch (err) {
    deps.log.warn({ err, modelId: model.id }, 'royalties of a merge are not known');
    return null;
  }
}
