import type { Address, Hex } from 'viem';
import type { Deps } from '../deps.ts';

/** What sending from the operator's key needs. */
export type SenderDeps = Pick<Deps, 'db' | 'chain' | 'operator' | 'now' | 'randomBytes'>;

type Unsigned = {
  to: Address;
  data: Hex;
  /** Native currency that goes with it, wei. */
  value?: bigint;
  gas: bigint;
  nonce: number;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
};

/** Signed EIP-1559 bytes. The operator must be a local key: a node's account could not sign without sending. */
export async function signTransaction(deps: Pick<Deps, 'chain' | 'operator'>, request: Unsigned): Promise<Hex> {
  const { operator, chain } = deps;
  if (operator.type !== 'local') throw new TypeError('the operator account cannot sign locally');
  const chainId = chain.chain?.id ?? (await chain.getChainId());
  return operator.signTransaction({ ...request, chainId, type: 'eip1559' });
}
