import { type Address, sha256, stringToBytes } from 'viem';
import { modelRegistryAbi } from '#contracts-abi/model-registry.ts';
import { canonicalJson, type Json } from '#lib/kernel/canonical-json.ts';
import { royaltyInForce } from '#lib/kernel/royalty-in-force.ts';
import type { PeriodTerms } from '#lib/rewards/period-schema.ts';
import type { ChainPlace, Comparison } from './comparison.ts';

/** How a period's models were made and what they owe to the owners of others, held against the registry. */
export async function compareRoyalties(place: ChainPlace, terms: PeriodTerms): Promise<Comparison[]> {
  const models = Object.entries(terms.models);
  if (models.length === 0) return [];
  const registry = await readRegistry(place);
  const comparisons: Comparison[] = [];
  for (const [id, model] of models) {
    const { versionHash, payees, merged = [] } = model;
    comparisons.push({ what: `what model ${id} owes to its bases`, ...inWords(payees, registry.owedBy(versionHash)) });
    const version = registry.findVersion(versionHash)?.args;
    if (version)
      comparisons.push(
        ...compareMaking(id, terms.version, model, { ...version.version, kind: registry.kindOf(version.id) }),
      );
    for (const one of merged) {
      const owed = await registry.owedToMerged(one.versionHash, versionHash);
      comparisons.push({ what: `what model ${id} owes to ${one.versionHash}`, ...inWords(one.payees, owed) });
    }
  }
  return comparisons;
}

type Owed = { bps: number; owners: Set<Address> };
type Model = PeriodTerms['models'][string];

/** Owners change: whoever of a model's owners the file names may have been it then. */
function inWords(payees: Model['payees'], owed: readonly Owed[]) {
  const found = owed.map(({ bps, owners }, i) => {
    const said = payees[i]?.[0];
    return `${said && owners.has(said) ? said : [...owners].at(-1)}:${bps}`;
  });
  const file = payees.map(([account, bps]) => `${account}:${bps}`);
  return { file: file.join(' ') || 'nothing', found: found.join(' ') || 'nothing' };
}

/** ModelRegistry's kind of a merged model. */
const mergedKind = 3;

/**
 * How a model was made is what its version's hash on chain commits to, and names what was merged with its weights: a merge can be left out of a
 * file as little as it can be forged. Files from before version 5 knew none.
 */
function compareMaking(
  id: string,
  fileVersion: PeriodTerms['version'],
  { trainConfig = '', merged = [] }: Model,
  { trainConfigHash, kind }: { trainConfigHash: string; kind: number | undefined },
): Comparison[] {
  if (fileVersion < 5)
    return [
      { what: `model ${id} is no merge`, file: 'true', found: String(kind !== mergedKind && merged.length === 0) },
    ];
  const said = merged.map(({ versionHash, weightPpm }) => ({ versionHash, weightPpm }));
  const hash = sha256(stringToBytes(trainConfig));
  const made: Comparison = {
    what: `how model ${id} was made, by its hash on chain`,
    file: hash,
    found: trainConfigHash,
  };
  if (hash !== trainConfigHash) return [made];
  const { merged: named = [] } = JSON.parse(trainConfig) as { merged?: Json };
  return [made, { what: `what model ${id} was merged from`, file: canonicalJson(said), found: canonicalJson(named) }];
}

type RegistryEvent = 'VersionPublished' | 'RoyaltyFrozen' | 'RoyaltyAnnounced' | 'ModelRegistered' | 'OwnerChanged';

/** Versions, royalties and owners as the registry's events tell them. */
async function readRegistry({ chain, deployment }: ChainPlace) {
  const read = <E extends RegistryEvent>(eventName: E) =>
    chain.getContractEvents({
      ...({ address: deployment.addresses.modelRegistry, abi: modelRegistryAbi, eventName, strict: true } as const),
      fromBlock: BigInt(deployment.startBlock),
    });
  const [published, frozen] = [await read('VersionPublished'), await read('RoyaltyFrozen')];
  const announced = await read('RoyaltyAnnounced');
  const owners = new Map<bigint, Set<Address>>();
  const own = (id: bigint, owner: Address) =>
    owners.set(id, (owners.get(id) ?? new Set<Address>()).add(owner.toLowerCase() as Address));
  const registered = await read('ModelRegistered');
  for (const { args } of registered) own(args.id, args.owner);
  for (const { args } of await read('OwnerChanged')) own(args.id, args.to);
  const timeOf = async (blockNumber: bigint) => Number((await chain.getBlock({ blockNumber })).timestamp);
  const findVersion = (versionHash: string) => published.find(({ args }) => args.versionHash === versionHash);
  /** Up the lineage: bps of what the model below got, and who ever owned the base. */
  const owedBy = (versionHash: string): Owed[] => {
    const owed: Owed[] = [];
    let version = findVersion(versionHash)?.args;
    while (version) {
      const { id, number } = version;
      const royalty = frozen.find(({ args }) => args.id === id && args.number === number)?.args;
      if (!royalty) break;
      owed.push({ bps: royalty.bps, owners: owners.get(royalty.base) ?? new Set() });
      const above = { id: royalty.base, number: version.version.baseVersion };
      version = published.find(({ args }) => args.id === above.id && args.number === above.number)?.args;
    }
    return owed;
  };
  return {
    owedBy,
    findVersion,
    kindOf: (id: bigint) => registered.find(({ args }) => args.id === id)?.args.kind,
    /** What a merge owes to one of its models: what this one asked when the merge was published, and so up its lineage. */
    async owedToMerged(versionHash: string, mergeHash: string): Promise<Owed[]> {
      const [version, merge] = [findVersion(versionHash), findVersion(mergeHash)];
      if (!version || !merge) return [];
      const { id } = version.args;
      const announcements = [];
      for (const { args, blockNumber, logIndex } of announced) {
        const isBefore =
          blockNumber < merge.blockNumber || (blockNumber === merge.blockNumber && logIndex < merge.logIndex);
        if (args.id !== id || !isBefore) continue;
        announcements.push({ bps: args.bps, effectiveAt: args.effectiveAt, at: await timeOf(blockNumber) });
      }
      const bps = royaltyInForce(announcements, await timeOf(merge.blockNumber));
      return bps > 0 ? [{ bps, owners: owners.get(id) ?? new Set() }, ...owedBy(versionHash)] : [];
    },
  };
}
