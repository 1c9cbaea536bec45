import Link from 'next/link';
import { earningRoleNames } from '#components/rewards/earning-role-names.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ModelEarner, ModelReceipt } from '#lib/model-factory/types.ts';

/** Newest receipts of a model. */
export function ModelReceipts({ receipts }: { receipts: readonly ModelReceipt[] }) {
  return (
    <Table label="Newest receipts">
      <thead>
        <tr>
          <Th>Receipt</Th>
          <Th numeric>Sources</Th>
          <Th numeric>Fee</Th>
          <Th>Paid out</Th>
          <Th>When</Th>
        </tr>
      </thead>
      <tbody>
        {receipts.map((receipt) => (
          <Tr key={receipt.id}>
            <Td>
              <Hash value={receipt.id} what="receipt id" href={`/receipts/${receipt.id}`} copy={false} />
            </Td>
            <Td numeric>{receipt.rows ?? 'a pass'}</Td>
            <Td numeric>{receipt.feeWei === 0n ? 'free' : <Amount wei={receipt.feeWei} />}</Td>
            <Td>
              {receipt.feeWei === 0n ? (
                '–'
              ) : receipt.settled ? (
                <Status tone="good">Settled</Status>
              ) : (
                <Status tone="info">In the next payment window</Status>
              )}
            </Td>
            <Td>
              <TimeAgo at={receipt.createdAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** Who earned most from a model so far. */
export function ModelEarners({ earners }: { earners: readonly ModelEarner[] }) {
  return (
    <ul className="flex flex-col">
      {earners.map((earner) => (
        <li
          key={`${earner.account}-${earner.role}`}
          className="flex items-center justify-between gap-4 border-b border-hairline py-2 text-sm"
        >
          <span className="flex flex-wrap items-center gap-x-3">
            <Address address={earner.account} copy={false} />
            <span className="text-xs text-muted">{earningRoleNames[earner.role]}</span>
          </span>
          <Amount wei={earner.amountWei} />
        </li>
      ))}
      <li className="pt-3 text-sm">
        <Link href="/rewards" className="link text-muted">
          See your own earnings
        </Link>
      </li>
    </ul>
  );
}
