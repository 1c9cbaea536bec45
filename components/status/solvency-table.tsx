import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { Reconciliation } from '#lib/solvency/types.ts';

export type SolvencyRow = Reconciliation & { address: `0x${string}` | undefined };

/** What each contract holds against what it owes, at one block. */
export function SolvencyTable({ rows }: { rows: readonly SolvencyRow[] }) {
  return (
    <Table label="What contracts hold and owe">
      <thead>
        <tr>
          <Th>Contract</Th>
          <Th numeric>Holds</Th>
          <Th numeric>Owes</Th>
          <Th>State</Th>
          <Th numeric>Block</Th>
          <Th>Checked</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ contract, address, heldWei, owedWei, blockNumber, checkedAt }) => (
          <Tr key={contract}>
            <Td>
              {wordsOf(contract)} {address && <Address address={address} />}
            </Td>
            <Td numeric>
              <Amount wei={heldWei} />
            </Td>
            <Td numeric>
              <Amount wei={owedWei} />
            </Td>
            <Td>
              {heldWei < owedWei ? (
                <Status tone="bad">
                  <Amount wei={owedWei - heldWei} /> missing
                </Status>
              ) : (
                <Status tone="good">Covered</Status>
              )}
            </Td>
            <Td numeric>{blockNumber}</Td>
            <Td className="text-muted">
              <TimeAgo at={checkedAt} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** `attributionLedger` → `Attribution ledger`. */
function wordsOf(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
