import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { TaskView } from '#lib/tasks/types.ts';

/** What a task says, for somebody who has never seen one. */
export function TaskWords({ view: { task, receipt, status, calls } }: { view: TaskView }) {
  const called = receipt ? receipt.body.calls.length : calls.answers.length + calls.tasks.length;
  return (
    <div className="prose-measure flex flex-col gap-3">
      <p>
        <TimeAgo at={task.openedAt} mode="date" />{' '}
        {task.asker ? <Address address={task.asker} /> : 'somebody who pays nothing'} asked an app that calls itself “
        {task.name}”{' '}
        <span className="whitespace-nowrap">
          (<Address address={task.app} />)
        </span>{' '}
        to do something. What was asked and delivered is private: this page holds only fingerprints, by which whoever
        asked can prove it. The name is the app’s own word; nobody checked it.
      </p>
      <p>
        Agreed price: {task.priceWei === '0' ? 'none' : <Amount wei={BigInt(task.priceWei)} digits={6} />}.{' '}
        {receipt ? <Closed body={receipt.body} called={called} /> : openWords[status]}
      </p>
    </div>
  );
}

const openWords = {
  open: 'The task is open: nothing is held or charged yet.',
  accepted: 'Who asked has agreed; the price is held until the task is closed.',
  closed: 'The task is closed without a receipt.',
  lapsed: 'Nobody closed the task within a day: nothing was charged, and what was held was given back.',
};

function Closed({ body, called }: { body: NonNullable<TaskView['receipt']>['body']; called: number }) {
  const costWei = BigInt(body.costWei);
  const feeWei = BigInt(body.feeWei);
  const left = feeWei - costWei;
  return (
    <>
      {body.outcome === 'failed' ? 'The work failed, so nothing was charged. ' : null}
      {feeWei > 0n && (
        <>
          <Amount wei={feeWei} digits={6} /> was charged; it is the app’s, less the protocol’s part.{' '}
        </>
      )}
      It made {called} {called === 1 ? 'call' : 'calls'}
      {costWei > 0n && (
        <>
          , for which it paid <Amount wei={costWei} digits={6} />
        </>
      )}
      .
      {left < 0n && (
        <>
          {' '}
          That is <Amount wei={-left} digits={6} /> more than it took.
        </>
      )}
    </>
  );
}
