import { accessRequests } from '#db/schema/access.ts';
import { getDatanetTerms } from '#lib/datanets/get-datanet-terms.ts';
import { accessRequestTypedData } from '#lib/kernel/access-typed-data.ts';
import { assertAccount } from '#lib/platform/assert-account.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { newId } from '#lib/platform/new-id.ts';
import { checkSignature } from './check-signature.ts';
import { AccessRequestRefusedError, AccessSignatureInvalidError } from './errors.ts';
import { findReadAccess } from './get-read-access.ts';
import type { RequestAccessInput } from './schema.ts';

/** How old a signature may be when it arrives. */
const freshSeconds = 600;

/**
 * Asks the owner of a private Datanet to let one read, with a purpose in words and the account's signature (EIP-712). For an encrypted one
 * the signature also covers the account's public key, so that the owner's browser need not believe this server whose key it is.
 *
 * @throws {AccessRequestRefusedError} nothing to ask for, or asked already.
 * @throws {AccessSignatureInvalidError | AccessSignatureUnavailableError | DatanetNotFoundError | NotSignedInError}
 */
export async function requestAccess(
  deps: Pick<Deps, 'db' | 'chain' | 'deployment' | 'now' | 'randomBytes'>,
  actor: Actor,
  input: RequestAccessInput,
): Promise<{ requestId: string; slug: string }> {
  const { address: account } = assertAccount(actor);
  const { id: datanetId, slug } = await getDatanetTerms(deps.db, input.datanetId);
  const access = await findReadAccess(deps, actor, datanetId);
  if (access.tier === 'public') throw new AccessRequestRefusedError('Everybody may read the rows of this Datanet.');
  if (access.part !== 'none') throw new AccessRequestRefusedError('You have access already.');
  const { purpose, publicKey, signedAt, signature } = input;
  if ((access.tier === 'encrypted') !== (publicKey !== '0x'))
    throw new AccessRequestRefusedError('An encrypted Datanet needs your public key, and only an encrypted one does.');
  const now = deps.now();
  if (Math.abs(now.getTime() / 1000 - signedAt) > freshSeconds) throw new AccessSignatureInvalidError();
  const message = { datanet: datanetId, account, purpose, publicKey, signedAt: BigInt(signedAt) };
  await checkSignature(deps, account, accessRequestTypedData(deps.deployment.chainId, message), signature);
  const row = {
    ...{ id: newId(deps, 'accessRequest'), datanetId, account, purpose, publicKey, signature },
    ...{ signedAt: new Date(signedAt * 1000), createdAt: now },
  };
  const stored = await deps.db.insert(accessRequests).values(row).onConflictDoNothing().returning();
  if (stored.length === 0)
    throw new AccessRequestRefusedError('You have asked already; the owner has not decided yet.');
  return { requestId: row.id, slug };
}
