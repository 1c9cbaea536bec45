type Answer = { result?: unknown; error?: { code: number; message: string; data?: unknown } };
type Bridge = { __testWallet(request: { method: string; params?: unknown[] }): Promise<Answer> };

/**
 * Runs in the page before its own code: an EIP-1193 provider that passes every request to the test's process, announced
 * by EIP-6963. Self-contained, because only its source text reaches the browser.
 */
export function announceWallet({ name }: { name: string }): void {
  type Listener = (value: unknown) => void;
  const listeners = new Map<string, Set<Listener>>();
  const emit = (event: string, value: unknown) => {
    for (const listener of listeners.get(event) ?? []) listener(value);
  };
  const provider = {
    async request(request: { method: string; params?: unknown[] }): Promise<unknown> {
      const answer = await (window as unknown as Bridge).__testWallet(request);
      if (answer.error) {
        const { code, message, data } = answer.error;
        throw Object.assign(new Error(message), { code, data });
      }
      if (request.method === 'eth_requestAccounts') emit('accountsChanged', answer.result);
      return answer.result;
    },
    on(event: string, listener: Listener) {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener));
      return provider;
    },
    removeListener(event: string, listener: Listener) {
      listeners.get(event)?.delete(listener);
      return provider;
    },
  };
  for (const event of ['chainChanged', 'accountsChanged']) {
    window.addEventListener(`testwallet:${event}`, (message) => emit(event, (message as CustomEvent).detail));
  }
  const icon = `data:image/svg+xml,${encodeURIComponent('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#444"/></svg>')}`;
  const info = Object.freeze({
    uuid: '6f0c2b1e-8a77-4a35-9b5e-0d7a4e5c1f20',
    name,
    icon,
    rdns: 'test.openledger.wallet',
  });
  const announce = () => {
    const detail = Object.freeze({ info, provider });
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }));
  };
  window.addEventListener('eip6963:requestProvider', announce);
  announce();
}
