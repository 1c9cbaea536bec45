import type { Abi, Address, ContractFunctionArgs, ContractFunctionName, Hash, Hex } from 'viem';

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

/** What a person is told about a transaction, in order. Everything from `in-wallet` on survives a reload. */
export type TransactionState =
  | { status: 'idle' }
  | { status: 'preparing'; note?: string }
  | { status: 'in-wallet'; networkFee: string }
  | { status: 'sent'; hash: Hash }
  | { status: 'included'; hash: Hash; blockNumber: number }
  | { status: 'final'; hash: Hash; blockNumber: number }
  /** Another call with the same nonce came first; `hash` is that one. */
  | { status: 'replaced'; hash: Hash }
  /** The person took it back in the wallet: an empty transaction (`hash`) used its nonce. */
  | { status: 'cancelled'; hash: Hash }
  | { status: 'failed'; reason: string; hash?: Hash }
  /** The person said no in the wallet: no failure, nothing was sent. */
  | { status: 'declined' };

/** The states in which something is still to come. */
export const openStatuses: ReadonlySet<TransactionState['status']> = new Set([
  'preparing',
  'in-wallet',
  'sent',
  'included',
]);

/** What identifies a call on chain under whatever hash; amounts as text, because it is stored as JSON. */
export type SentCall = { to: Address; data: Hex; valueWei: string };

/** A wallet transaction as this browser remembers it. */
export type JournalEntry = {
  id: string;
  /** What it is for ("claim.7"), by which the button that sent it finds it again. */
  key: string;
  account: Address;
  /** The button's words. */
  title: string;
  /** Path of the page that it was sent from. */
  href: string;
  askedAtMs: number;
  call: SentCall;
  /** The account's next nonce and the newest block when the wallet was asked: where a search for it starts. */
  fromNonce: number;
  fromBlock: number;
  /** Its nonce, once the chain has shown it. */
  nonce: number | null;
  state: TransactionState;
};
