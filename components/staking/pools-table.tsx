import Link from 'next/link';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { yearlyYield } from '#lib/staking/rules.ts';
import type { PoolView } from '#lib/staking/types.ts';
import { percent } from './percent.ts';

/** Pools of one kind, most stake first; a year's yield at last month's pace, fees and emissions apart. */
export function PoolsTable({ label, pools }: { label: string; pools: readonly PoolView[] }) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          <Th>Pool</Th>
          <Th numeric>Staked</Th>
          <Th numeric>Yearly from fees</Th>
          <Th numeric>Yearly from emissions</Th>
          <Th numeric>Slashed</Th>
          <Th>State</Th>
        </tr>
      </thead>
      <tbody>
        {pools.map((pool) => {
          const yearly = yearlyYield(pool.paidIn, pool.stakedWei);
          return (
            <Tr key={pool.pool}>
              <Td className="min-w-48">
                <Link className="link" href={`/staking/${pool.pool}`}>
                  {pool.name}
                </Link>
              </Td>
              <Td numeric>
                <Amount wei={pool.stakedWei} />
              </Td>
              <Td numeric>{yearly ? percent(yearly.feesBps) : '–'}</Td>
              <Td numeric>{yearly ? percent(yearly.emissionsBps) : '–'}</Td>
              <Td numeric>{pool.slashCount === 0 ? 'never' : `${pool.slashCount}×`}</Td>
              <Td>
                {pool.isClosed ? (
                  <Status tone="bad">closed by slashes</Status>
                ) : (
                  <Status tone="good">takes stake</Status>
                )}
              </Td>
            </Tr>
          );
        })}
      </tbody>
    </Table>
  );
}
