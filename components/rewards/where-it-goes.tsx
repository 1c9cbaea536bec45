import { Address } from '#components/ui/address.tsx';
import { Section } from '#components/ui/section.tsx';
import { isHandleAccount } from '#lib/kernel/handle-account.ts';
import type { AccountControl } from '#lib/rewards/types.ts';
import { PendingChange, RecipientPanel, RotationForm } from './account-parts.tsx';

/** To whom an account's claims are paid, changes that wait, and getting what a name or a lost wallet earned. */
export function WhereItGoes({ control, mine, nowMs }: { control: AccountControl; mine: boolean; nowMs: number }) {
  if (!mine) return <Somebody control={control} nowMs={nowMs} />;
  return (
    <>
      <Section
        title="Where your earnings go"
        intro="Every change is announced, waits, and can be refused meanwhile: a stolen key cannot redirect your earnings at once."
      >
        <RecipientPanel control={control} nowMs={nowMs} />
      </Section>
      <Section
        title="A name of yours, or a lost wallet"
        intro="Rows may have been contributed under a name before it had a wallet, and wallets get lost. What they earned waits, and can be moved to this wallet."
      >
        <RotationForm />
      </Section>
    </>
  );
}

/** Another account, as everybody sees it. A change that waits can be put in force by anybody. */
function Somebody({ control, nowMs }: { control: AccountControl; nowMs: number }) {
  const { account, recipient } = control;
  return (
    <Section title="Where its earnings go">
      <div className="flex flex-col gap-4 text-sm">
        <p>
          {recipient ? (
            <>
              Claims are paid to <Address address={recipient} />.
            </>
          ) : isHandleAccount(account) ? (
            'This account belongs to a name that has no wallet yet. What it earns waits until the name is bound to one.'
          ) : (
            'Claims are paid to this account itself.'
          )}
        </p>
        <PendingChange control={control} nowMs={nowMs} />
      </div>
    </Section>
  );
}
