'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { useWallet } from './use-wallet.ts';
import { useWalletContext } from './wallet-boundary.tsx';
import { networkName } from './wallet-config.ts';
import { walletStore } from './wallet-store.ts';

/** A line under the header while the wallet is on another network: names both, offers to switch or add. Reading goes on. */
export function NetworkGuard() {
  const { config } = useWalletContext();
  const { status, chainId } = useWallet();
  const [state, setState] = useState<'idle' | 'asking' | 'refused'>('idle');
  if (status !== 'connected' || chainId === null || chainId === config.chainId) return null;
  const switchNow = async () => {
    setState('asking');
    try {
      const [{ switchChain }, wallet] = await Promise.all([import('wagmi/actions'), walletStore.handlers()]);
      await switchChain(wallet.config, { chainId: config.chainId });
      setState('idle');
    } catch {
      setState('refused');
    }
  };
  return (
    <div role="status" className="border-b border-hairline bg-warn-wash">
      <div className="mx-auto flex max-w-page flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2 text-sm md:px-6">
        <p>
          Your wallet is on <strong>{networkName(config, chainId)}</strong>; OpenLedger here uses{' '}
          <strong>{config.chainName}</strong>. You can read everything; to send, switch.
        </p>
        <Button size="sm" busy={state === 'asking'} onClick={switchNow}>
          Switch to {config.chainName}
        </Button>
        {state === 'refused' && (
          <p className="text-xs text-muted">
            The wallet did not switch. Add it by hand: RPC address <span className="figures">{config.rpcUrl}</span>,
            chain id <span className="figures">{config.chainId}</span>.
          </p>
        )}
      </div>
    </div>
  );
}
