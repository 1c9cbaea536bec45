import type { Metadata } from 'next';
import { CreateKeyDialog } from '#components/keys/create-key-dialog.tsx';
import { KeysTable } from '#components/keys/keys-table.tsx';
import { Page } from '#components/layout/page.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Section } from '#components/ui/section.tsx';
import { ChannelPanel } from '#components/wallet/channel/channel-panel.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { loadKeys } from './_data.ts';
import { createKey, registerVoucher, requestDrip, revokeKey } from './actions.ts';

export const metadata: Metadata = { title: 'API keys' };

/** The deposit that pays for answers, and the keys by which programs may spend from it. */
export default async function KeysPage({ searchParams }: { searchParams: Promise<{ deposit?: string | string[] }> }) {
  const [data, { deposit }] = await Promise.all([loadKeys(), searchParams]);
  return (
    <Page
      title="API keys and deposit"
      actions={
        <>
          <LinkButton href="/usage">Usage</LinkButton>
          <LinkButton href="/docs">How to call it</LinkButton>
        </>
      }
      intro="Programs ask with a key; each answer is paid from your deposit and never above the key’s budget. The API is the one of OpenAI, so its clients work unchanged."
    >
      {data === null ? (
        <EmptyState title="Connect a wallet to see your keys." action={<ConnectButton label="Connect wallet" />}>
          <p>Keys belong to an account. Signing in is one signature; it costs nothing.</p>
        </EmptyState>
      ) : (
        <>
          <Section title="Deposit">
            <ChannelPanel
              channel={data.channel}
              freeWei={data.freeWei}
              balanceWei={data.balanceWei}
              nowMs={data.nowMs}
              {...(typeof deposit === 'string' && { suggested: deposit })}
              {...(data.hasFaucet && { requestDrip })}
            />
          </Section>
          <Section
            title="Keys"
            action={
              <CreateKeyDialog
                channel={data.channel}
                freeWei={data.freeWei}
                keys={data.keys}
                appUrl={data.appUrl}
                modelSlug={data.modelSlug}
                createKey={createKey}
                registerVoucher={registerVoucher}
              />
            }
          >
            {data.keys.length > 0 ? (
              <KeysTable keys={data.keys} nowMs={data.nowMs} revokeKey={revokeKey} />
            ) : (
              <EmptyState title="You have no key yet.">
                <p>Make one with the button above; it is shown once, so have a safe place ready for it.</p>
              </EmptyState>
            )}
          </Section>
        </>
      )}
    </Page>
  );
}
