import type { Abi, Address, ContractFunctionArgs, ContractFunctionName, Hash } from 'viem';

/** One contract call, ready to be simulated and sent. Make it with `contractCall`, which checks names and arguments. */
export type ContractCall = {
  address: Address;
  abi: Abi;
  functionName: string;
  args: readonly unknown[];
  value?: bigint;
};

type Writes = 'nonpayable' | 'payable';

/** A contract call with its function name and arguments checked against the ABI. */
export function contractCall<
  const A extends Abi,
  N extends ContractFunctionName<A, Writes>,
  P extends ContractFunctionArgs<A, Writes, N>,
>(call: { address: Address; abi: A; functionName: N; args: P; value?: bigint }): ContractCall {
  return call as unknown as ContractCall;
}

/** A call, or how to make it when the button is pressed; `say` tells what is asked meanwhile, e.g. a signature. */
export type CallSource = ContractCall | ((say: (note: string) => void) => ContractCall | Promise<ContractCall>);

/** What a person is told about a transaction, in order. Every state after `in-wallet` survives a reload. */
export type TransactionState =
  | { status: 'idle' }
  | { status: 'preparing'; note?: string }
  | { status: 'in-wallet'; networkFee: string }
  | { status: 'sent'; hash: Hash }
  | { status: 'included'; hash: Hash; blockNumber: number }
  | { status: 'final'; hash: Hash; blockNumber: number }
  /** Another transaction with the same nonce came first; `hash` is that one. */
  | { status: 'replaced'; hash: Hash; by: 'cancelled' | 'replaced' }
  | { status: 'failed'; reason: string; hash?: Hash }
  /** The person said no in the wallet: no failure, nothing was sent. */
  | { status: 'declined' };
