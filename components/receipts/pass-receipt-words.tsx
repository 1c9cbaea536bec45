import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { PassReceipt } from '#lib/kernel/pass-receipt.ts';
import { percent } from './percent.ts';

/** What a pass's receipt says, for somebody who has never seen one. */
export function PassReceiptWords({ body, datanetSlug }: { body: PassReceipt; datanetSlug: string }) {
  const { model, terms, split, datanet } = body;
  return (
    <div className="prose-measure flex flex-col gap-3">
      <p>
        <Address address={body.payer} /> bought a pass to ask{' '}
        <Link className="link" href={`/models/${model.name}`}>
          {model.name}
        </Link>{' '}
        on <TimeAgo at={body.issuedAt} mode="date" />, for {soldFor(terms)}:{' '}
        <Amount wei={BigInt(body.feeWei)} digits={6} />.
        {'until' in terms && (
          <>
            {' '}
            It holds until <TimeAgo at={terms.until} mode="date" />.
          </>
        )}{' '}
        Each answer costs its own price beside it.
      </p>
      <p>
        It is divided as the price of an answer. After the protocol’s part, {percent(split.data * 100)} belongs to the
        people of the original rows of{' '}
        <Link className="link" href={`/datanets/${datanetSlug}?tab=versions`}>
          version {datanet.number} of {datanetSlug}
        </Link>
        , each row the same, {percent(split.model * 100)} to the model’s owner, <Address address={model.owner} />, and
        to whom the model owes, and the rest to who accepted the rows and to who runs it.
      </p>
    </div>
  );
}

function soldFor(terms: PassReceipt['terms']): string {
  const [count, unit] = 'days' in terms ? [terms.days, 'day'] : [terms.answers, 'answer'];
  return `${count.toLocaleString('en')} ${unit}${count === 1 ? '' : 's'}`;
}
