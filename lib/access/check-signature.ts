import { type Address, type Hex, recoverTypedDataAddress, type TypedDataDefinition } from 'viem';
import type { Deps } from '#lib/platform/deps.ts';
import { AccessSignatureInvalidError, AccessSignatureUnavailableError } from './errors.ts';

/**
 * Whether `address` signed the typed data. Plain accounts are checked here, without the chain; contract wallets are asked (EIP-1271).
 *
 * @throws {AccessSignatureInvalidError | AccessSignatureUnavailableError}
 */
export async function checkSignature(
  deps: Pick<Deps, 'chain'>,
  address: Address,
  typed: TypedDataDefinition,
  signature: Hex,
): Promise<void> {
  const recovered = await recoverTypedDataAddress({ ...typed, signature }).catch(() => null);
  if (recovered?.toLowerCase() === address.toLowerCase()) return;
  let valid: boolean;
  try {
    valid = await deps.chain.verifyTypedData({ ...typed, address, signature });
    if (!valid) await deps.chain.getChainId(); // viem answers false also when the chain is silent; this tells them apart
  } catch (cause) {
    throw new AccessSignatureUnavailableError(cause);
  }
  if (!valid) throw new AccessSignatureInvalidError();
}
