import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import type { AnswerState } from './use-answer.ts';

/** What was held for the answer, what was charged, and its receipt. */
export function AnswerCost({ answer }: { answer: AnswerState }) {
  if (!answer.receiptId) return null;
  return (
    <div className="flex flex-wrap gap-x-8 gap-y-2 border-t border-hairline pt-3 text-sm">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        <div className="flex gap-2">
          <dt className="text-muted">Held</dt>
          <dd>{answer.ceilingWei !== null && <Amount wei={answer.ceilingWei} digits={6} />}</dd>
        </div>
        {answer.feeWei !== null && (
          <div className="flex gap-2">
            <dt className="text-muted">Charged</dt>
            <dd>
              {answer.feeWei === 0n ? (
                'nothing (free answer)'
              ) : (
                <Amount wei={answer.feeWei} digits={6} className="text-accent" />
              )}
            </dd>
          </div>
        )}
      </dl>
      {answer.status === 'stopped' && <Status tone="warn">Stopped: charged for what was written</Status>}
      <Link className="link" href={`/receipts/${answer.receiptId}`}>
        Receipt
      </Link>
    </div>
  );
}
