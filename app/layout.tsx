import { GeistMono } from 'geist/font/mono';
import { GeistSans } from 'geist/font/sans';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { getFrame } from '#app/_server/frame.ts';
import { ChainState } from '#components/layout/chain-state.tsx';
import { Footer } from '#components/layout/footer.tsx';
import { Header } from '#components/layout/header.tsx';
import { SkipLink } from '#components/layout/skip-link.tsx';
import { ThemeProvider } from '#components/layout/theme-provider.tsx';
import { OpenTransactionsLink } from '#components/transactions/open-transactions-link.tsx';
import { Toaster } from '#components/ui/toaster.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { NetworkGuard } from '#components/wallet/network-guard.tsx';
import { TransactionFollower } from '#components/wallet/transaction/transaction-follower.tsx';
import { WalletBoundary } from '#components/wallet/wallet-boundary.tsx';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'OpenLedger', template: '%s · OpenLedger' },
  description: 'A book of accounts for intelligence: who contributed what, which answer used it, and who was paid.',
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fbfaf7' },
    { media: '(prefers-color-scheme: dark)', color: '#111214' },
  ],
};

/** Frame of every page. Pages are rendered on request: settings, session and ledger are known only then. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  const { config, session, block, state } = await getFrame();
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} suppressHydrationWarning>
      <body>
        <ThemeProvider nonce={nonce}>
          <WalletBoundary config={config} session={session}>
            <TransactionFollower />
            <SkipLink />
            <div id="frame" className="flex min-h-dvh flex-col">
              <Header
                account={
                  <>
                    <OpenTransactionsLink />
                    <ConnectButton />
                  </>
                }
              />
              <NetworkGuard />
              <main id="main" tabIndex={-1} className="flex-1 outline-none">
                {children}
              </main>
              <Footer
                chain={<ChainState name={config.chainName} chainId={config.chainId} block={block} state={state} />}
              />
            </div>
          </WalletBoundary>
          <Toaster />
        </ThemeProvider>
      </body>
    </html>
  );
}
