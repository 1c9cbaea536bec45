import { findReadAccess } from '#lib/access/get-read-access.ts';
import { findNewerRows } from '#lib/datanets/find-newer-rows.ts';
import { isHandleAccount } from '#lib/kernel/handle-account.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getAwardableBounty, getNewestSnapshot } from './awardable-version.ts';
import type { AwardableRow } from './types.ts';

const most = 200;

/**
 * Rows that a curator may award: in the newest version on chain, newer than the bounty, of accounts that can be paid, not awarded by
 * it yet; among the newest 200.
 *
 * @throws {BountyForbiddenError | BountyStateError | BountyAwardInvalidError | NotSignedInError}
 */
export async function listAwardableRows(
  deps: Pick<Deps, 'db' | 'now'>,
  actor: Actor,
  bountyId: string,
): Promise<AwardableRow[]> {
  const { address } = assertAccount(actor);
  const bounty = await getAwardableBounty(deps, address, bountyId);
  const { versionId } = await getNewestSnapshot(deps, bounty.onChain.terms.registryId!);
  const [access, rows] = await Promise.all([
    findReadAccess(deps, actor, bounty.datanet.id),
    findNewerRows(deps, versionId, bounty.onChain.openedAt, most),
  ]);
  const taken = new Set(bounty.awards.flatMap((award) => award.subjects));
  return rows
    .filter((row) => !isHandleAccount(row.contributor) && !taken.has(row.leaf))
    .map(({ id, contributor, data, createdAt }) => ({
      exampleId: id,
      contributor,
      data: access.mayRead ? data : {},
      createdAt,
    }));
}
