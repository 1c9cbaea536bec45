import { getRowProofs } from '#lib/datanets/get-row-proofs.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { getAwardableBounty, getNewestSnapshot } from './awardable-version.ts';
import { BountyAwardInvalidError } from './errors.ts';
import type { PrepareRowAwardInput } from './schema.ts';
import type { AwardRowsArgs } from './types.ts';

/** Proving takes the whole tree, so this many rows are the most that a request builds one of. */
const mostRows = 200_000;

/**
 * What a curator's wallet sends to award rows: the newest version's place in the Datanet's history, and for each row its record and proof,
 * neighbours by author so that each is paid in one transfer. Changes nothing. Costs the version's tree: 30 µs a row.
 *
 * @throws {BountyForbiddenError | BountyStateError | BountyAwardInvalidError | NotSignedInError}
 */
export async function prepareRowAward(
  deps: Pick<Deps, 'db' | 'now' | 'store'>,
  actor: Actor,
  input: PrepareRowAwardInput,
): Promise<AwardRowsArgs> {
  const { address } = assertAccount(actor);
  const bounty = await getAwardableBounty(deps, address, input.bountyId);
  const { number, openedAt, terms } = bounty.onChain;
  if (terms.registryId === null) throw new BountyAwardInvalidError('This bounty pays for a training, not for rows.');
  const { versionId, snapshot } = await getNewestSnapshot(deps, terms.registryId);
  if (snapshot.count > mostRows) {
    throw new BountyAwardInvalidError(`Proofs are made here for versions of at most ${mostRows} rows.`);
  }
  const chosen = await getRowProofs(deps, versionId, input.exampleIds);
  const openedSeconds = BigInt(Math.floor(openedAt.getTime() / 1000));
  const isWhole = chosen.length === new Set(input.exampleIds).size;
  if (!isWhole || chosen.some(({ record }) => record.contributedAt < openedSeconds)) {
    throw new BountyAwardInvalidError('A row is not in the newest version on chain, or is older than the bounty.');
  }
  chosen.sort((a, b) => (a.record.contributor < b.record.contributor ? -1 : 1));
  return [BigInt(number), snapshot, chosen.map(({ record, proof }) => ({ record, proof }))];
}
