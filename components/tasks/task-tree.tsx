import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import type { TaskFile } from '#lib/kernel/task/task-schema.ts';
import type { TaskAnswer, TaskChain, TaskNode } from '#lib/tasks/types.ts';

/** Who called whom: from the first app down to the models, one level a step; each links to its receipt. */
export function TaskTree({ above, node }: TaskChain) {
  return (
    <div className="text-sm">
      {above.map((file) => (
        <div key={file.task.id} className="border-l-2 border-border py-1.5 pl-4">
          <TaskLine file={file} />
        </div>
      ))}
      <Branch node={node} isHere />
    </div>
  );
}

function Branch({ node, isHere = false }: { node: TaskNode; isHere?: boolean }) {
  return (
    <div className="border-l-2 border-border py-1.5 pl-4">
      <TaskLine file={node.file} isHere={isHere} />
      {node.calls.length > 0 && (
        <ul aria-label={`Called by ${node.file.task.name}`} className="mt-1 flex flex-col pl-2 min-[420px]:pl-4">
          {node.calls.map((call) => (
            <li key={call.kind === 'task' ? call.file.task.id : call.id}>
              {call.kind === 'task' ? <Branch node={call} /> : <AnswerLine answer={call} />}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function TaskLine({ file: { task, receipt }, isHere = false }: { file: TaskFile; isHere?: boolean }) {
  return (
    <p className="flex min-w-0 flex-wrap items-baseline gap-x-3">
      {isHere ? (
        <strong aria-current="page" className="font-medium break-words">
          {task.name}
        </strong>
      ) : (
        <Link className="link break-words" href={`/tasks/${task.id}`}>
          {task.name}
        </Link>
      )}
      <Address address={task.app} copy={false} />
      <span className="text-muted">
        {receipt ? (
          receipt.body.feeWei === '0' ? (
            'charged nothing'
          ) : (
            <>
              charged <Amount wei={BigInt(receipt.body.feeWei)} digits={6} />
            </>
          )
        ) : (
          'not closed'
        )}
      </span>
    </p>
  );
}

function AnswerLine({ answer }: { answer: TaskAnswer }) {
  return (
    <p className="flex flex-wrap items-baseline gap-x-3 border-l-2 border-border py-1.5 pl-4">
      <Link className="link" href={`/receipts/${answer.id}`}>
        Answer by {answer.modelName}
      </Link>
      <span className="text-muted">{answer.feeWei === 0n ? 'free' : <Amount wei={answer.feeWei} digits={6} />}</span>
    </p>
  );
}
