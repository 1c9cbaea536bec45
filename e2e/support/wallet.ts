import type { BrowserContext } from '@playwright/test';
import type { PrivateKeyAccount } from 'viem/accounts';
import { announceWallet } from './wallet-page.ts';
import { WalletRefusal, WalletSigner } from './wallet-signer.ts';

/** A person's wallet as the test drives it. */
export type TestWallet = {
  account: PrivateKeyAccount;
  /** From now on the person says no to everything that asks (signatures, transactions, switching). */
  refuse(refuses: boolean): void;
  /** Puts the wallet on another network, as the person would in its menu, and tells the open pages. */
  useChain(chainId: number): Promise<void>;
  /** What the wallet was asked to sign or send, in order. */
  readonly asked: readonly string[];
};

export const walletName = 'Test Wallet';

/**
 * Gives every page of a browser context a wallet that announces itself by EIP-6963. The key stays in the test's process,
 * as a real wallet's stays in its extension; transactions are signed here and sent raw to the chain.
 */
export async function installWallet(
  context: BrowserContext,
  options: { account: PrivateKeyAccount; rpcUrl: string; chainId: number },
): Promise<TestWallet> {
  const signer = new WalletSigner(options);
  await context.exposeBinding('__testWallet', async (_source, request: { method: string; params?: unknown[] }) => {
    try {
      return { result: await signer.request(request.method, request.params ?? []) };
    } catch (error) {
      return { error: toRpcError(error) };
    }
  });
  await context.addInitScript(announceWallet, { name: walletName });
  const tell = async (event: string, value: unknown) => {
    await Promise.all(
      context
        .pages()
        .map((page) =>
          page.evaluate(([name, detail]) => window.dispatchEvent(new CustomEvent(name, { detail })), [
            `testwallet:${event}`,
            value,
          ] as const),
        ),
    );
  };
  signer.onChain = (chainId) => void tell('chainChanged', chainId).catch(() => {});
  return {
    account: options.account,
    refuse: (refuses) => {
      signer.refuses = refuses;
    },
    useChain: async (chainId) => {
      signer.chainId = chainId;
      await tell('chainChanged', `0x${chainId.toString(16)}`);
    },
    asked: signer.asked,
  };
}

function toRpcError(error: unknown): { code: number; message: string; data?: unknown } {
  if (error instanceof WalletRefusal) return { code: error.code, message: error.message };
  const { code, message, data, shortMessage } = error as {
    code?: number;
    message: string;
    data?: unknown;
    shortMessage?: string;
  };
  return { code: typeof code === 'number' ? code : -32603, message: shortMessage ?? message, data };
}
