import { eq } from 'drizzle-orm';
import { recoverTypedDataAddress } from 'viem';
import { datanets, datanetVersions } from '#db/schema/datanets.ts';
import { versionApprovals } from '#db/schema/version-approvals.ts';
import { approveBatchTypedData } from '#lib/kernel/approve-batch-typed-data.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import {
  ApprovalInvalidError,
  DatanetForbiddenError,
  DatanetNotRegisteredError,
  VersionNotFoundError,
} from './errors.ts';
import { findRegistryId } from './find-registry-id.ts';
import { getChainTerms } from './get-chain-terms.ts';
import { getVersionAcceptance } from './get-version-acceptance.ts';
import type { ApproveVersionInput } from './schema.ts';

/**
 * Keeps a curator's signature under a proposed version until there are as many as its policy asks for. Only who is a curator on chain
 * may; the signature must be theirs, a contract wallet's too (EIP-1271). Doing it twice keeps one.
 *
 * @throws {ApprovalInvalidError | DatanetForbiddenError | DatanetNotRegisteredError | VersionNotFoundError | NotSignedInError}
 */
export async function approveVersion(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment' | 'now'>,
  actor: Actor,
  input: ApproveVersionInput,
): Promise<{ slug: string }> {
  const { address: curator } = assertAccount(actor);
  const version = await findVersion(deps, input.versionId);
  const registryId = await findRegistryId(deps, version);
  if (registryId === null) throw new DatanetNotRegisteredError();
  const terms = await getChainTerms(deps.db, registryId);
  if (version.owner !== curator && !terms.curators.includes(curator)) {
    throw new DatanetForbiddenError('curator', 'approve a version; the role must stand on chain');
  }
  const { batch } = await getVersionAcceptance(deps.db, version, { registryId, owner: version.owner }, terms);
  if (batch === null) throw new ApprovalInvalidError('The version was not proposed on chain yet. Reload the page.');
  const registry = { chainId: deps.deployment.chainId, address: deps.deployment.addresses.datanetRegistry };
  const typed = approveBatchTypedData(registry, { id: BigInt(registryId), batch: BigInt(batch), root: version.root });
  const { signature } = input;
  const recovered = await recoverTypedDataAddress({ ...typed, signature }).catch(() => null);
  const isTheirs =
    recovered?.toLowerCase() === curator ||
    (await deps.chain.verifyTypedData({ ...typed, address: curator, signature }).catch(() => false));
  if (!isTheirs)
    throw new ApprovalInvalidError('This signature is not yours, or it is for another version. Sign again.');
  const row = { versionId: version.id, batch, curator, signature, createdAt: deps.now() };
  await deps.db.insert(versionApprovals).values(row).onConflictDoNothing();
  return { slug: version.slug };
}

async function findVersion({ db }: Pick<Deps, 'db'>, versionId: string) {
  const [row] = await db
    .select({
      id: datanetVersions.id,
      root: datanetVersions.root,
      slug: datanets.slug,
      owner: datanets.owner,
      metaHash: datanets.metaHash,
    })
    .from(datanetVersions)
    .innerJoin(datanets, eq(datanets.id, datanetVersions.datanetId))
    .where(eq(datanetVersions.id, versionId));
  if (!row) throw new VersionNotFoundError(versionId, 0);
  const { root, owner, metaHash } = row as { root: `0x${string}`; owner: `0x${string}`; metaHash: `0x${string}` };
  return { id: row.id, slug: row.slug, root, owner, metaHash };
}
