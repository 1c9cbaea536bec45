import { createWalletClient, defineChain, type Hex, hexToString, http, isHex, publicActions } from 'viem';
import type { PrivateKeyAccount } from 'viem/accounts';

/** What a wallet answers instead of doing: EIP-1193 codes, e.g. 4001 for a no of the person. */
export class WalletRefusal extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Call = { to?: Hex; data?: Hex; value?: Hex; gas?: Hex };

/**
 * The wallet behind the provider: holds one key, answers as a wallet does (no accounts before it was asked to connect),
 * signs, and forwards reads to the chain's RPC.
 */
export class WalletSigner {
  refuses = false;
  chainId: number;
  onChain: (chainIdHex: Hex) => void = () => {};
  readonly asked: string[] = [];
  readonly #account: PrivateKeyAccount;
  readonly #homeChainId: number;
  readonly #client;
  #connected = false;

  constructor(options: { account: PrivateKeyAccount; rpcUrl: string; chainId: number }) {
    this.#account = options.account;
    this.chainId = options.chainId;
    this.#homeChainId = options.chainId;
    const chain = defineChain({
      id: options.chainId,
      name: 'chain of the test wallet',
      nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
      rpcUrls: { default: { http: [options.rpcUrl] } },
    });
    this.#client = createWalletClient({ account: options.account, chain, transport: http(options.rpcUrl) }).extend(
      publicActions,
    );
  }

  async request(method: string, params: readonly unknown[]): Promise<unknown> {
    switch (method) {
      case 'eth_requestAccounts':
        this.#ask(method);
        this.#connected = true;
        return [this.#account.address];
      case 'eth_accounts':
        return this.#connected ? [this.#account.address] : [];
      case 'wallet_requestPermissions':
        this.#ask(method);
        this.#connected = true;
        return [{ parentCapability: 'eth_accounts' }];
      case 'wallet_revokePermissions':
        this.#connected = false;
        return null;
      case 'eth_chainId':
        return `0x${this.chainId.toString(16)}`;
      case 'net_version':
        return String(this.chainId);
      case 'wallet_switchEthereumChain':
        return this.#switch(Number((params[0] as { chainId: Hex }).chainId));
      case 'wallet_addEthereumChain':
        this.#ask(method);
        return null;
      case 'personal_sign':
        this.#ask(`personal_sign ${readable(params[0] as string)}`);
        return this.#account.signMessage({ message: { raw: params[0] as Hex } });
      case 'eth_signTypedData_v4': {
        const typed = JSON.parse(params[1] as string);
        this.#ask(`eth_signTypedData_v4 ${typed.primaryType}`);
        return this.#account.signTypedData(typed);
      }
      case 'eth_sendTransaction':
        return this.#send(params[0] as Call);
      default:
        return this.#client.request({ method, params } as never);
    }
  }

  #ask(what: string): void {
    this.asked.push(what);
    if (this.refuses) throw new WalletRefusal(4001, 'User rejected the request.');
  }

  #switch(chainId: number): null {
    this.#ask(`wallet_switchEthereumChain ${chainId}`);
    if (chainId !== this.#homeChainId) throw new WalletRefusal(4902, `Unrecognized chain ID ${chainId}.`);
    this.chainId = chainId;
    this.onChain(`0x${chainId.toString(16)}`);
    return null;
  }

  async #send({ to, data, value, gas }: Call): Promise<Hex> {
    this.#ask(`eth_sendTransaction ${to} ${data?.slice(0, 10)}`);
    if (this.chainId !== this.#homeChainId) throw new WalletRefusal(-32602, 'The wallet is on another network.');
    const request = await this.#client.prepareTransactionRequest({
      ...(to && { to }),
      ...(data && { data }),
      ...(value && { value: BigInt(value) }),
      ...(gas && { gas: BigInt(gas) }),
    });
    const serializedTransaction = await this.#client.signTransaction(request as never);
    return this.#client.sendRawTransaction({ serializedTransaction });
  }
}

function readable(message: string): string {
  return (isHex(message) ? hexToString(message) : message).split('\n')[0] ?? '';
}
