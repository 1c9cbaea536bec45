import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { Slash } from '#lib/staking/types.ts';
import { percent } from './percent.ts';

/** What was ever taken from a pool, by whom and why. `names` gives our contracts' names by lower-case address. */
export function SlashTable({ slashes, names }: { slashes: readonly Slash[]; names: Record<string, string> }) {
  if (slashes.length === 0) {
    return (
      <EmptyState title="Nothing was ever taken from this pool.">
        A slash would stand here with its size, its reason and its transaction.
      </EmptyState>
    );
  }
  return (
    <Table label="Slashes of this pool">
      <thead>
        <tr>
          <Th>When</Th>
          <Th>Of whom</Th>
          <Th numeric>Share</Th>
          <Th numeric>Taken</Th>
          <Th>By</Th>
          <Th>Reason</Th>
          <Th>Transaction</Th>
        </tr>
      </thead>
      <tbody>
        {slashes.map((slash) => (
          <Tr key={`${slash.txHash}.${slash.account ?? ''}.${slash.takenWei}`}>
            <Td className="text-muted">{slash.at ? <TimeAgo at={slash.at} /> : '–'}</Td>
            <Td>{slash.account ? <Address address={slash.account} copy={false} /> : 'everybody in it'}</Td>
            <Td numeric>{percent(slash.bps)}</Td>
            <Td numeric>
              <Amount wei={slash.takenWei} />
            </Td>
            <Td>{names[slash.by] ?? <Address address={slash.by} copy={false} />}</Td>
            <Td>{textOf(slash.reason) ?? <Hash value={slash.reason} what="reason" copy={false} />}</Td>
            <Td>
              <Hash
                value={slash.txHash}
                what="transaction"
                href={`/explorer?kind=events&tx=${slash.txHash}`}
                copy={false}
              />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** A reason that is a short text in 32 bytes, or null for a hash. */
function textOf(reason: string): string | null {
  const hex = reason.slice(2).replace(/(00)+$/, '');
  if (!/^([2-7][0-9a-f])+$/.test(hex)) return null;
  return hex
    .match(/../g)!
    .map((byte) => String.fromCharCode(Number.parseInt(byte, 16)))
    .join('');
}
