import { encodeFunctionData, formatEther, type Hash } from 'viem';
import { estimateContractGas } from 'viem/actions';
import { getAccount, getPublicClient, simulateContract, switchChain, writeContract } from 'wagmi/actions';
import type { WalletConfig } from '../wallet-config.ts';
import { networkName } from '../wallet-config.ts';
import { walletStore } from '../wallet-store.ts';
import { describeFailure, isDeclined } from './describe-failure.ts';
import type { CallSource, ContractCall, JournalEntry, TransactionState } from './types.ts';

/** The person said no in the wallet. */
export class DeclinedError extends Error {}
/** The call would fail or cannot be made; the message is for the person. */
export class TransactionRefusedError extends Error {}

/** What is known of a transaction at the moment when the wallet is asked. */
export type Asked = Pick<JournalEntry, 'call' | 'fromNonce' | 'fromBlock'> & { networkFee: string };

/**
 * Switches the network where needed, simulates, asks the wallet, and answers the transaction's hash. What goes to the wallet
 * is exactly the request that was simulated. `onAsk` gets what is needed to find the transaction again, before the wallet
 * opens: the page may be closed while it is.
 *
 * @throws {DeclinedError} {@link TransactionRefusedError}
 */
export async function sendTransaction(
  config: WalletConfig,
  account: `0x${string}`,
  source: CallSource,
  { onState, onAsk }: { onState: (state: TransactionState) => void; onAsk: (asked: Asked) => void },
): Promise<Hash> {
  try {
    const { config: wagmi } = await walletStore.handlers();
    const wallet = getAccount(wagmi);
    if (!wallet.address) throw new TransactionRefusedError('The wallet is not connected. Connect it and try again.');
    if (wallet.address.toLowerCase() !== account.toLowerCase()) {
      throw new TransactionRefusedError(
        'The wallet has another account selected than the one signed in. Switch it back.',
      );
    }
    if (wallet.chainId !== config.chainId) {
      await switchChain(wagmi, { chainId: config.chainId }).catch((error) => {
        if (isDeclined(error)) throw error;
        throw new TransactionRefusedError(
          `Your wallet is on ${networkName(config, wallet.chainId ?? 0)} and did not switch to ${config.chainName}. Switch it there and try again.`,
        );
      });
    }
    const say = (note: string) => onState({ status: 'preparing', note });
    const call = typeof source === 'function' ? await source(say) : source;
    onState({ status: 'preparing' });
    // In the next block, where it will be: the newest one's clock stands still on a chain that mines only on demand.
    const { request } = await simulateContract(wagmi, { ...call, account: wallet.address, blockTag: 'pending' });
    onAsk(await describeAsk(wagmi, call, wallet.address, config));
    const { blockTag: _, ...sent } = request as typeof request & { blockTag?: string };
    return await writeContract(wagmi, sent as Parameters<typeof writeContract>[1]);
  } catch (error) {
    if (isDeclined(error)) throw new DeclinedError();
    if (error instanceof TransactionRefusedError) throw error;
    throw new TransactionRefusedError(describeFailure(error, config.currency.symbol), { cause: error });
  }
}

type Wagmi = Parameters<typeof getPublicClient>[0];

async function describeAsk(
  wagmi: Wagmi,
  call: ContractCall,
  account: `0x${string}`,
  config: WalletConfig,
): Promise<Asked> {
  const client = getPublicClient(wagmi)!; // the configured chain's, which always exists
  const [fromNonce, fromBlock, networkFee] = await Promise.all([
    client.getTransactionCount({ address: account, blockTag: 'pending' }),
    client.getBlockNumber({ cacheTime: 0 }),
    estimateFee(client, call, account, config),
  ]);
  const data = encodeFunctionData({ abi: call.abi, functionName: call.functionName, args: call.args });
  const sent = { to: call.address, data, valueWei: (call.value ?? 0n).toString() };
  return { call: sent, fromNonce, fromBlock: Number(fromBlock), networkFee };
}

/** "about 0.00012 ETH", or an empty text when the chain gives no estimate: never a reason to stop. */
async function estimateFee(
  client: NonNullable<ReturnType<typeof getPublicClient>>,
  call: ContractCall,
  account: `0x${string}`,
  config: WalletConfig,
): Promise<string> {
  try {
    const [gas, price] = await Promise.all([estimateContractGas(client, { ...call, account }), client.getGasPrice()]);
    const text = formatEther(gas * price);
    const cut = text.indexOf('.') + 1 + Math.max(4, (/[1-9]/.exec(text.split('.')[1] ?? '')?.index ?? 0) + 2);
    return `about ${text.slice(0, Math.max(cut, 1))} ${config.currency.symbol}`;
  } catch {
    return '';
  }
}
