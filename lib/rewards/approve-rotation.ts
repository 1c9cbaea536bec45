import type { Address } from 'viem';
import { attributionLedgerAbi } from '#contracts-abi/attribution-ledger.ts';
import { type RotationApproval, rotationTypedData } from '#lib/kernel/rotation.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';
import { RotationForbiddenError } from './errors.ts';

type ApproveDeps = Pick<Deps, 'chain' | 'operator' | 'deployment' | 'now'>;
/** How long the person has to bring the approval on chain. */
const goodForSeconds = 7 * 86_400;

/**
 * The rotation authority's signature that what `account` (a name without a wallet, or a lost wallet that never acted) earned is
 * paid to `to`. Whoever runs this has checked who the person is; the contract still waits its delay, in which the guardian or
 * the account can refuse. An approval is used up by the next rotation of the account.
 *
 * @throws {RotationForbiddenError} for anybody but the system, and where the operator is not the authority.
 */
export async function approveRotation(
  deps: ApproveDeps,
  actor: Actor,
  { account, to }: { account: Address; to: Address },
): Promise<RotationApproval> {
  if (actor.kind !== 'system') throw new RotationForbiddenError();
  const { chain, operator, deployment } = deps;
  if (!operator.signTypedData) throw new RotationForbiddenError();
  const ledger = { address: deployment.addresses.attributionLedger, abi: attributionLedgerAbi } as const;
  const nonce = await chain.readContract({ ...ledger, functionName: 'nonces', args: [account] });
  const deadline = BigInt(Math.floor(deps.now().getTime() / 1000) + goodForSeconds);
  const domain = { chainId: deployment.chainId, attributionLedger: ledger.address };
  const signature = await operator.signTypedData(rotationTypedData(domain, { account, to, nonce, deadline }));
  // Refused here rather than in the person's wallet: not the authority, or an account that acts for itself.
  await chain
    .simulateContract({ ...ledger, functionName: 'announceRotation', args: [account, to, deadline, signature] })
    .catch((cause) => {
      throw new RotationForbiddenError(cause);
    });
  return { account, to, deadline: deadline.toString(), signature };
}
