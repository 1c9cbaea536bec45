import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { ConnectButton } from '#components/wallet/connect-button.tsx';
import { formatOpen } from '#lib/kernel/money.ts';
import { AcceptTask, type AcceptTaskProps } from './accept-task.tsx';

/** What agreeing to a task's price means, for who is asked to; `freeWei`: of their deposit, null for a visitor, who may be the asker. */
export function TaskOffer(props: AcceptTaskProps & { asker: `0x${string}`; until: Date; freeWei: bigint | null }) {
  const { priceWei, freeWei, asker, until, ...agreeing } = props;
  const missingWei = freeWei !== null && freeWei < priceWei ? priceWei - freeWei : 0n;
  return (
    <div className="flex flex-col items-start gap-4">
      <p className="prose-measure">
        The app asks <Amount wei={priceWei} digits={6} /> for the whole work and pays its calls itself. If you agree,
        the price is held on your deposit. It is charged when the app closes the task as done, and given back when the
        work fails or is not closed <TimeAgo at={until} />.
      </p>
      {freeWei === null && (
        <>
          <p className="text-sm text-muted">
            <Address address={asker} /> was asked. If that is you, sign in to agree.
          </p>
          <ConnectButton label="Connect wallet" />
        </>
      )}
      {freeWei !== null && (
        <p className="text-sm text-muted">
          Free on your deposit: <Amount wei={freeWei} digits={6} />
          {missingWei > 0n && (
            <>
              ; <Amount wei={missingWei} digits={6} /> are missing
            </>
          )}
          .
        </p>
      )}
      {missingWei > 0n && (
        <LinkButton href={`/keys?deposit=${formatOpen(missingWei).replaceAll(',', '')}`}>
          Deposit what is missing
        </LinkButton>
      )}
      {freeWei !== null && missingWei === 0n && <AcceptTask priceWei={priceWei} {...agreeing} />}
    </div>
  );
}
