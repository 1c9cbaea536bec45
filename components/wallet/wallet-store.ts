import type { Address } from 'viem';
import type { Config } from 'wagmi';

/** `off`: no wallet code is loaded. Everything else is what the wallet says. */
export type WalletState = {
  status: 'off' | 'loading' | 'disconnected' | 'connecting' | 'connected';
  address: Address | null;
  chainId: number | null;
};

/** What the loaded wallet code can do; the island registers it. */
export type WalletHandlers = {
  config: Config;
  openConnect: () => void;
  openAccount: () => void;
  disconnect: () => void;
};

let state: WalletState = { status: 'off', address: null, chainId: null };
let handlers: WalletHandlers | null = null;
let wanted: 'connect' | 'account' | null = null;
const listeners = new Set<() => void>();
const waiting = new Set<(handlers: WalletHandlers) => void>();

const emit = () => {
  for (const listener of listeners) listener();
};

/**
 * The wallet's state outside React. Pages read it without any wallet library: those 280 kB load in their own island when
 * somebody connects, or when a session from before exists.
 */
export const walletStore = {
  subscribe(listener: () => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  get: (): WalletState => state,
  set(next: WalletState): void {
    state = next;
    emit();
  },
  /** Asks for the wallet code; with an intent, opens that dialog as soon as it can. */
  request(intent?: 'connect' | 'account'): void {
    if (handlers && intent === 'connect') handlers.openConnect();
    else if (handlers && intent === 'account') handlers.openAccount();
    else if (intent) wanted = intent;
    if (state.status === 'off') walletStore.set({ ...state, status: 'loading' });
  },
  /** Called by the island on every render that changes what the dialogs do, once the wallet of last time is back or known to be gone. */
  register(next: WalletHandlers): void {
    handlers = next;
    for (const resolve of waiting) resolve(next);
    waiting.clear();
  },
  /** Takes the intent that waited for the code, once. */
  takeIntent(): 'connect' | 'account' | null {
    const intent = wanted;
    wanted = null;
    return intent;
  },
  /** The loaded wallet code, once it can sign or say that it cannot; loads it first where needed. */
  handlers(): Promise<WalletHandlers> {
    if (handlers) return Promise.resolve(handlers);
    walletStore.request();
    return new Promise((resolve) => waiting.add(resolve));
  },
};
