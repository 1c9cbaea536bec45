import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { DatabaseOrTransaction } from '#db/client.ts';
import { chainEvents } from '#db/schema/settlement.ts';
import { versionApprovals } from '#db/schema/version-approvals.ts';
import type { BatchApproval, ChainTerms, VersionView } from './types.ts';

export type VersionAcceptance = {
  /** The newest proposal of the version's root that nobody rejected; null before there is one. */
  batch: string | null;
  /** Signatures of those who are curators on chain now. */
  approvals: BatchApproval[];
};

/** How far a version is on its way onto the chain where several curators must approve it. */
export async function getVersionAcceptance(
  db: DatabaseOrTransaction,
  version: Pick<VersionView, 'id' | 'root'>,
  datanet: { registryId: string; owner: string },
  terms: Pick<ChainTerms, 'curators'>,
): Promise<VersionAcceptance> {
  const ofDatanet = sql`${chainEvents.args} ->> 'id' = ${datanet.registryId}`;
  const registry = eq(chainEvents.contract, 'datanetRegistry');
  const [proposed] = await db
    .select({ batch: sql<string>`${chainEvents.args} ->> 'batch'` })
    .from(chainEvents)
    .where(
      and(
        registry,
        ofDatanet,
        eq(chainEvents.name, 'BatchProposed'),
        eq(chainEvents.subject, version.root),
        sql`not exists (select 1 from ${chainEvents} r where r.contract = 'datanetRegistry' and r.name = 'BatchRejected'
          and r.args ->> 'id' = ${datanet.registryId} and r.args ->> 'batch' = ${chainEvents}.args ->> 'batch')`,
      ),
    )
    .orderBy(desc(chainEvents.blockNumber), desc(chainEvents.logIndex))
    .limit(1);
  if (!proposed) return { batch: null, approvals: [] };
  const signed = await db
    .select({ curator: versionApprovals.curator, signature: versionApprovals.signature })
    .from(versionApprovals)
    .where(
      and(
        eq(versionApprovals.versionId, version.id),
        eq(versionApprovals.batch, proposed.batch),
        inArray(versionApprovals.curator, [datanet.owner, ...terms.curators]),
      ),
    );
  return { batch: proposed.batch, approvals: signed as BatchApproval[] };
}
