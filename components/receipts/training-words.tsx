import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { TrainingReceipt } from '#lib/kernel/training-receipt.ts';
import { percent } from './percent.ts';

/** What a training's receipt says, for somebody who has never seen one. */
export function TrainingWords({ body, datanetSlug }: { body: TrainingReceipt; datanetSlug: string }) {
  const { tokens, datanet, split } = body;
  return (
    <div className="prose-measure flex flex-col gap-3">
      <p>
        <Address address={body.payer} copy={false} /> had {body.baseModel} trained on{' '}
        <Link className="link" href={`/datanets/${datanetSlug}?tab=versions`}>
          version {datanet.number} of {datanetSlug}
        </Link>
        . {outcomes[body.outcome]} It was charged on <TimeAgo at={body.issuedAt} mode="date" />.
      </p>
      <p>
        {tokens.trained.toLocaleString('en')} tokens had been trained and not charged before.{' '}
        {tokens.free > 0 && `${tokens.free.toLocaleString('en')} of them were free, out of the day’s allowance. `}
        The others cost <Amount wei={BigInt(body.price.weiPerThousandTokens)} digits={6} /> a thousand:{' '}
        <Amount wei={BigInt(body.feeWei)} digits={6} />.
      </p>
      <p>
        After the protocol’s part, {percent(split.data * 100)} belongs to the people of the version’s original rows,
        each row the same, and {percent(split.infra * 100)} to who trained,{' '}
        <Address address={body.gateway} copy={false} />.
      </p>
    </div>
  );
}

const outcomes = {
  running: 'The training went on; long ones are charged every quarter of an hour.',
  succeeded: 'The training came to its end.',
  stopped: 'The training was stopped in between; what it had learnt is kept.',
  cancelled: 'The training was cancelled; what had been trained is charged.',
  failed: 'The training failed because of its data or recipe; what had been trained is charged.',
};
