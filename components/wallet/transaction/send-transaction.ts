import { formatEther, type Hash } from 'viem';
import { estimateContractGas } from 'viem/actions';
import { getAccount, getPublicClient, simulateContract, switchChain, writeContract } from 'wagmi/actions';
import type { WalletConfig } from '../wallet-config.ts';
import { networkName } from '../wallet-config.ts';
import { walletStore } from '../wallet-store.ts';
import { describeFailure, isDeclined } from './describe-failure.ts';
import type { CallSource, ContractCall, TransactionState } from './types.ts';

/** The person said no in the wallet. */
export class DeclinedError extends Error {}
/** The call would fail or cannot be made; the message is for the person. */
export class TransactionRefusedError extends Error {}

/**
 * Switches the network where needed, simulates, asks the wallet, and answers the transaction's hash. What goes to the wallet
 * is exactly the request that was simulated.
 *
 * @throws {DeclinedError} {@link TransactionRefusedError}
 */
export async function sendTransaction(
  config: WalletConfig,
  account: `0x${string}`,
  source: CallSource,
  onState: (state: TransactionState) => void,
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
    const { request } = await simulateContract(wagmi, { ...call, account: wallet.address });
    onState({ status: 'in-wallet', networkFee: await estimateFee(wagmi, call, wallet.address, config) });
    return await writeContract(wagmi, request as Parameters<typeof writeContract>[1]);
  } catch (error) {
    if (isDeclined(error)) throw new DeclinedError();
    if (error instanceof TransactionRefusedError) throw error;
    throw new TransactionRefusedError(describeFailure(error, config.currency.symbol), { cause: error });
  }
}

/** "about 0.00012 ETH", or an empty text when the chain gives no estimate: never a reason to stop. */
async function estimateFee(
  wagmi: Parameters<typeof getPublicClient>[0],
  call: ContractCall,
  account: `0x${string}`,
  config: WalletConfig,
): Promise<string> {
  const client = getPublicClient(wagmi);
  if (!client) return '';
  try {
    const [gas, price] = await Promise.all([estimateContractGas(client, { ...call, account }), client.getGasPrice()]);
    const text = formatEther(gas * price);
    const cut = text.indexOf('.') + 1 + Math.max(4, (/[1-9]/.exec(text.split('.')[1] ?? '')?.index ?? 0) + 2);
    return `about ${text.slice(0, Math.max(cut, 1))} ${config.currency.symbol}`;
  } catch {
    return '';
  }
}
