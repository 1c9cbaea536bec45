import { desc, eq, sql } from 'drizzle-orm';
import { datanetVersions } from '#db/schema/datanets.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import type { Deps } from '#lib/platform/deps.ts';
import { BountyAwardInvalidError, BountyForbiddenError, BountyStateError } from './errors.ts';
import { getBounty } from './get-bounty.ts';
import type { BountyDetail } from './types.ts';

type Hex = `0x${string}`;
export type Snapshot = { previousHead: Hex; root: Hex; count: bigint };

/** A bounty for data in its time for awards, and a curator of its Datanet. */
export async function getAwardableBounty(
  deps: Pick<Deps, 'db' | 'now'>,
  account: string,
  bountyId: string,
): Promise<BountyDetail & { onChain: NonNullable<BountyDetail['onChain']> }> {
  const bounty = await getBounty(deps, bountyId);
  const { owner, curators } = await getDatanetTerms(deps.db, bounty.datanet.id);
  const isCurator = owner === account || curators.includes(account as Hex);
  const decides = bounty.kind === 'run' ? bounty.onChain?.terms.judge === account : isCurator;
  if (!decides) throw new BountyForbiddenError(bounty.kind === 'run' ? 'its judge' : 'a curator of the Datanet');
  if (!bounty.onChain || bounty.state !== 'awarding') {
    throw new BountyStateError('Awards can be made after the days of funding and before the deadline.');
  }
  return { ...bounty, onChain: bounty.onChain };
}

/**
 * The newest version of a Datanet on chain, and what the contract wants to know of it.
 *
 * @throws {BountyAwardInvalidError} the newest batch on chain is none of our versions.
 */
export async function getNewestSnapshot(
  deps: Pick<Deps, 'db'>,
  registryId: string,
): Promise<{ versionId: string; snapshot: Snapshot }> {
  const accepted = await deps.db
    .select({ root: chainEvents.subject, args: chainEvents.args })
    .from(chainEvents)
    .where(
      sql`${chainEvents.contract} = 'datanetRegistry' and ${chainEvents.name} = 'BatchAccepted'
        and ${chainEvents.args} ->> 'id' = ${registryId}`,
    )
    .orderBy(desc(chainEvents.blockNumber), desc(chainEvents.logIndex))
    .limit(2);
  const [newest, before] = accepted;
  const [version] = newest
    ? await deps.db
        .select({ id: datanetVersions.id, rowCount: datanetVersions.rowCount })
        .from(datanetVersions)
        .where(eq(datanetVersions.root, newest.root))
    : [];
  if (!newest || !version) {
    throw new BountyAwardInvalidError(
      'The newest version on chain is none of this Datanet’s here. Freeze and anchor one.',
    );
  }
  const previousHead = (before?.args.head as Hex | undefined) ?? `0x${'0'.repeat(64)}`;
  return {
    versionId: version.id,
    snapshot: { previousHead, root: newest.root as Hex, count: BigInt(version.rowCount) },
  };
}
