import { Amount } from '#components/ui/amount.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Section } from '#components/ui/section.tsx';
import type { ModelAccess } from '#lib/passes/types.ts';
import { AccessForm, BuyPass, GrantPassForm, PassTable } from './access-parts.tsx';
import type { AccessActions } from './access-types.ts';
import { amountText } from './pass-words.ts';

type Props = { access: ModelAccess; isSignedIn: boolean; actions: AccessActions };

/** Who may ask a model: for everybody what a pass costs and what they hold, for its owner the rule, the prices and all passes. */
export function ModelAccessView({ access, isSignedIn, actions }: Props) {
  const { offer, isOwner, passes } = access;
  if (offer.access === 'everybody' && !isOwner && passes.length === 0) return null;
  return (
    <Section title="Who may ask it" intro={introOf(access)}>
      <div id="access" className="flex scroll-mt-20 flex-col gap-6">
        {!isOwner && offer.access === 'holders' && <Prices {...{ access, isSignedIn, actions }} />}
        {passes.length > 0 && <PassTable passes={passes} isOwner={isOwner} revoke={actions.revoke} />}
        {isOwner && (
          <>
            <AccessForm model={access.name} offer={offer} set={actions.set} />
            <GrantPassForm model={access.name} grant={actions.grant} />
          </>
        )}
      </div>
    </Section>
  );
}

function introOf({ name, offer, isOwner, mayAsk }: ModelAccess): string {
  const every = `A pass is for every version of ${name}; each answer still costs its own price.`;
  if (offer.access === 'everybody')
    return isOwner ? `Everybody may ask ${name} now. Passes are not needed until you say so.` : 'Everybody may ask it.';
  if (isOwner) return `Only holders of a pass may ask it, and you. ${every}`;
  return `Only holders of a pass may ask it. ${mayAsk ? 'You hold one' : 'You hold none that is in force'}. ${every}`;
}

function Prices({ access, isSignedIn, actions }: Props) {
  const { name, offer } = access;
  if (offer.prices.length === 0)
    return (
      <p className="text-sm text-muted">Its owner sells no passes, and grants them to accounts of their choice.</p>
    );
  return (
    <div className="flex flex-col gap-3">
      <ul className="flex flex-col gap-3" aria-label="Passes that are sold">
        {offer.prices.map((price) => (
          <li key={price.kind} className="flex flex-wrap items-center gap-x-6 gap-y-2 text-sm">
            <span>
              {amountText(price)} for <Amount wei={price.priceWei} />
            </span>
            {isSignedIn && (
              <BuyPass model={name} price={price} buy={actions.buy} registerVoucher={actions.registerVoucher} />
            )}
          </li>
        ))}
      </ul>
      <p className="prose-measure text-sm text-muted">
        A pass is paid from your deposit at once, and divided as an answer’s price: the people of the data have their
        part. What you bought holds to its end: nobody can take it back, and it is not paid back. Time runs also while
        everybody may ask.
      </p>
      {!isSignedIn && <LinkButton href="/keys">Sign in to buy one</LinkButton>}
    </div>
  );
}
