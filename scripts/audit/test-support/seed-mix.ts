import type { Address, LocalAccount } from 'viem';
import { datanetRegistryAbi } from '#contracts-abi/datanet-registry.ts';
import { contributions, examples, versionExamples } from '#db/schema/datanets.ts';
import type { RevenueSplit } from '#db/schema/models.ts';
import { createMix } from '#lib/model-factory/create-mix.ts';
import { insertVersion } from '#lib/model-factory/test-support/factory-fixture.ts';
import { addModel, type SeededModel } from './paid-answers.ts';
import type { SettlementWorld } from './settlement-world.ts';

const parts = [
  { key: 'heavy', tenths: 30, rowCount: 2 },
  { key: 'light', tenths: 5, rowCount: 4 },
] as const;

/**
 * Two Datanets of `owner` with real rows, both registered and their versions accepted on chain, a mix of them, and a model that is said
 * to be trained on it. Rows have the two contributors in turn; `curator` accepted those of the first alone.
 */
export async function seedMix(
  world: SettlementWorld,
  input: { owner: LocalAccount; curator: Address; contributors: readonly [Address, Address]; split: RevenueSplit },
): Promise<SeededModel> {
  const { db, deps } = { db: world.database.db, deps: world.deps };
  const owner = input.owner.address.toLowerCase() as Address;
  const registry = world.addresses.datanetRegistry;
  const send = (name: string, args: readonly unknown[]) =>
    world.send(input.owner, registry, datanetRegistryAbi, name, args);
  const rows: SeededModel['rows'] = [];
  for (const { key, rowCount } of parts) {
    const reviewedBy = key === 'heavy' ? (input.curator.toLowerCase() as Address) : null;
    const version = await insertVersion(deps, {
      ...{ key, owner, rowCount },
      changeRows: (given) =>
        given.map((row, i) => {
          const contributor = input.contributors[i % 2]!.toLowerCase() as Address;
          const collect = { role: 'collect' as const, account: contributor };
          const lineage = reviewedBy ? [collect, { role: 'review' as const, account: reviewedBy }] : [collect];
          return { ...row, contributor, lineage };
        }),
    });
    const { datanetId, id: versionId, metaHash, root } = version;
    const contribution = { id: `ctr_${key}`, datanetId, contributor: owner, source: 'form', idempotencyKey: key };
    const at = { createdAt: deps.now() };
    await db.insert(contributions).values({ ...contribution, rowCount, ...at });
    for (const [leafIndex, { id, contributor, data, contentHash }] of version.rows.entries()) {
      const row = { id, datanetId, contributionId: contribution.id, contributor, data, contentHash, reviewedBy };
      await db.insert(examples).values({ ...row, status: 'accepted', ...at });
      await db.insert(versionExamples).values({ versionId, leafIndex, exampleId: id });
      rows.push({ id, contributor });
    }
    const policy = { joinStake: 0n, reviewPeriod: 0, curatorQuorum: 1, ownerBps: 0, dedup: 1 };
    const { result } = await deps.chain.simulateContract({
      ...({ address: registry, abi: datanetRegistryAbi, functionName: 'create', account: input.owner } as const),
      args: [policy, 0, metaHash],
    });
    await send('create', [policy, 0, metaHash]);
    await send('commit', [result, root, rowCount, 'cid']);
  }
  const chosen = parts.map(({ key, tenths }) => ({ versionId: `dv_${key}`, tenths }));
  const { versionId } = await createMix(deps, { kind: 'account', address: owner }, { parts: chosen });
  const prices = { inputWei: 1_000_003n, outputWei: 7_000_001n };
  const model = await addModel(world, {
    ...{ n: 2, slug: 'mixed', versionId, datanetId: 'dn_heavy', owner, split: input.split, ...prices },
  });
  return { model, rows };
}
