'use client';

import { formatCount } from '#components/model-factory/format.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Button } from '#components/ui/button.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { Pass } from '#lib/passes/types.ts';
import type { AccessActions } from './access-types.ts';
import { passStates } from './pass-words.ts';
import { SaidLine } from './said-line.tsx';
import { useAccessAction } from './use-access-action.ts';

/** Passes, newest first: one's own, or for the model's owner all, with the way to take back what was granted. */
export function PassTable({
  passes,
  isOwner,
  revoke,
}: { passes: readonly Pass[]; isOwner: boolean } & Pick<AccessActions, 'revoke'>) {
  const { busy, said, run } = useAccessAction();
  const takeBack = (passId: string) =>
    run(() => revoke({ passId }), 'Taken back.', 'The server did not answer. Try again.');
  return (
    <div className="flex flex-col gap-3">
      <Table label={isOwner ? 'All passes' : 'Your passes'}>
        <thead>
          <tr>
            {isOwner && <Th>Holder</Th>}
            <Th>Came</Th>
            <Th>What is left</Th>
            <Th>State</Th>
            <Th numeric>Paid</Th>
            {isOwner && <Th>Take back</Th>}
          </tr>
        </thead>
        <tbody>
          {passes.map((pass) => (
            <Tr key={pass.id}>
              {isOwner && (
                <Td>
                  <Address address={pass.holder} />
                </Td>
              )}
              <Td>
                {pass.source}, <TimeAgo at={pass.createdAt} />
              </Td>
              <Td>
                <Left pass={pass} />
              </Td>
              <Td>{passStates[pass.state]}</Td>
              <Td numeric>
                <Paid pass={pass} />
              </Td>
              {isOwner && (
                <Td>
                  {pass.source === 'bought' && pass.state === 'usable' && 'bought: holds to its end'}
                  {pass.source === 'granted' && pass.state === 'usable' && (
                    <Button size="sm" busy={busy} onClick={() => takeBack(pass.id)}>
                      Take back
                    </Button>
                  )}
                </Td>
              )}
            </Tr>
          ))}
        </tbody>
      </Table>
      <SaidLine said={said} />
    </div>
  );
}

function Left({ pass: { until, answers, answersLeft } }: { pass: Pass }) {
  if (until !== null)
    return (
      <>
        until <TimeAgo at={until} mode="date" />
      </>
    );
  return (
    <>
      {formatCount(answersLeft ?? 0)} of {formatCount(answers ?? 0)} answers
    </>
  );
}

function Paid({ pass: { priceWei, receiptId } }: { pass: Pass }) {
  if (receiptId === null) return 'nothing';
  return (
    <a className="link" href={`/receipts/${receiptId}`}>
      <Amount wei={priceWei} />
    </a>
  );
}
