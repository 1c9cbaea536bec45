import Link from 'next/link';
import { earningRoleNames } from '#components/rewards/earning-role-names.ts';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ReceiptSettlement } from '#lib/rewards/types.ts';

/**
 * From charge to claim: which period the receipt is in, when it can be claimed, and each line of it. `rowsWei`: about what it
 * left to all rows of the version, which are paid with the period and not by receipt. `challenge`: what holds its payment back.
 */
export function SettlementSteps(props: {
  settlement: ReceiptSettlement;
  feeWei: bigint;
  rowsWei: bigint;
  challenge: 'queued' | 'upheld' | null;
}) {
  const { settlement, feeWei, rowsWei, challenge } = props;
  if (feeWei === 0n) return <p className="text-sm text-muted">A free answer pays nobody.</p>;
  const { period, lines } = settlement;
  return (
    <div className="flex flex-col gap-4 text-sm">
      <p>
        {!period && challenge === 'upheld' && (
          <Status wrap tone="bad">
            Charged; found wrong and frozen: paid to nobody
          </Status>
        )}
        {!period && challenge === 'queued' && (
          <Status wrap live>
            Charged; being computed again, no reward period takes it meanwhile
          </Status>
        )}
        {!period && !challenge && (
          <Status wrap tone="info">
            Charged; waits for the next reward period
          </Status>
        )}
        {period && period.state === 'active' && (
          <Status wrap tone="good">
            Period {period.number} is active: claimable
          </Status>
        )}
        {period && period.state === 'pending' && period.activeAt && (
          <Status wrap tone="warn">
            Period {period.number} is on chain; claimable <TimeAgo at={period.activeAt} /> unless challenged
          </Status>
        )}
        {period && !['active', 'pending'].includes(period.state) && (
          <Status tone={period.state === 'revoked' || period.state === 'frozen' ? 'bad' : 'info'}>
            Period {period.number}: {period.state}
          </Status>
        )}
      </p>
      {lines.length > 0 && (
        <Table label="Who was paid for it">
          <thead>
            <tr>
              <Th>Account</Th>
              <Th>For</Th>
              <Th numeric>Amount</Th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <Tr key={`${line.account}${line.role}`}>
                <Td>
                  <Address address={line.account} copy={false} />
                </Td>
                <Td>{earningRoleNames[line.role]}</Td>
                <Td numeric>
                  <Amount wei={line.amountWei} digits={6} />
                </Td>
              </Tr>
            ))}
            {rowsWei > 0n && (
              <Tr>
                <Td>All original rows of the version, with the period</Td>
                <Td>{earningRoleNames.common}</Td>
                <Td numeric>
                  <Amount wei={rowsWei} digits={6} />
                </Td>
              </Tr>
            )}
          </tbody>
        </Table>
      )}
      {period && (
        <Link className="link" href={`/rewards/periods/${period.number}`}>
          Reward period {period.number}
        </Link>
      )}
    </div>
  );
}
