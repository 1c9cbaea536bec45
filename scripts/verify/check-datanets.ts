import type { Hex, PublicClient } from 'viem';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import type { VersionLineage } from '#lib/kernel/verification/receipt-evidence.ts';
import type { Deployment } from '#lib/platform/deployment.ts';
import type { PeriodTerms } from '#lib/rewards/period-schema.ts';

type Place = { chain: PublicClient; deployment: Deployment };

/**
 * Whose fees and stakers a period's file says that a version's receipts feed: of a mix, what a pass reads of each part, against the rows
 * file, whose root the receipt's signature covers; and the Datanet of each part, against the Datanets whose curators accepted that part's
 * root on chain. Null: nothing contradicts. A root that the chain has nowhere (a training on a version that was never anchored) cannot
 * contradict.
 */
export async function checkDatanets(
  place: Place,
  terms: Pick<PeriodTerms, 'mixes' | 'datanets'>,
  { versionId, version }: { versionId: string; version: VersionLineage },
): Promise<string | null> {
  const said = JSON.stringify(terms.mixes?.[versionId] ?? null);
  const found = JSON.stringify(version.parts?.map((part) => [part.versionId, part.rows * part.tenths]) ?? null);
  if (said !== found) return `parts and weights of ${versionId}: the file says ${said}, its rows say ${found}`;
  const parts = version.parts ?? [{ versionId, root: version.root }];
  const accepted = await listAccepted(
    place,
    parts.map(({ root }) => root),
  );
  for (const part of parts) {
    const ids = accepted.get(part.root);
    const named = terms.datanets[part.versionId]?.id ?? 'none';
    if (ids && !ids.has(named))
      return `Datanet of ${part.versionId}: the file says ${named}, the chain has its root in ${[...ids].join(', ')}`;
  }
  return null;
}

/** By root, the Datanets that accepted a batch with it. Two queries over the registry's events. */
async function listAccepted({ chain, deployment }: Place, roots: readonly Hex[]): Promise<Map<Hex, Set<string>>> {
  const registry = { address: deployment.addresses.datanetRegistry, abi: datanetRegistryAbi } as const;
  const range = { fromBlock: BigInt(deployment.startBlock), strict: true } as const;
  const [proposed, accepted] = await Promise.all([
    chain.getContractEvents({ ...registry, ...range, eventName: 'BatchProposed' }),
    chain.getContractEvents({ ...registry, ...range, eventName: 'BatchAccepted' }),
  ]);
  const taken = new Set(accepted.map(({ args }) => `${args.id} ${args.batch}`));
  const found = new Map<Hex, Set<string>>();
  for (const { args } of proposed)
    if (roots.includes(args.root) && taken.has(`${args.id} ${args.batch}`))
      found.set(args.root, (found.get(args.root) ?? new Set<string>()).add(args.id.toString()));
  return found;
}
