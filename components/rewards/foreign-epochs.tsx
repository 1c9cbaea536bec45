import { Amount } from '#components/ui/amount.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { ForeignEpoch } from '#lib/rewards/types.ts';
import { ChallengeEpoch } from './account-parts.tsx';
import { PeriodStatus } from './periods-table.tsx';

/** Roots that are no period's. The oldest that can still be stopped is offered to everybody, with what stopping it takes. */
export function ForeignEpochs({ epochs, bondWei }: { epochs: readonly ForeignEpoch[]; bondWei: bigint | null }) {
  const open = epochs.findLast(({ state }) => state === 'pending');
  return (
    <Section
      title="Other roots on chain"
      intro="Anybody may post a root against a bond, and none of the periods here has these. Unless such a root is challenged while it is open, whoever it names can claim what the ledger holds."
    >
      <Table label="Other roots on chain">
        <thead>
          <tr>
            <Th>Epoch</Th>
            <Th>State</Th>
            <Th numeric>Total</Th>
            <Th>Root</Th>
            <Th>Transaction</Th>
          </tr>
        </thead>
        <tbody>
          {epochs.map((epoch) => (
            <Tr key={epoch.id} data-epoch={epoch.id}>
              <Td className="figures">{epoch.id}</Td>
              <Td>
                <PeriodStatus period={epoch} />
              </Td>
              <Td numeric>
                <Amount wei={epoch.totalWei} />
              </Td>
              <Td>
                <Hash value={epoch.earningsRoot} copy={false} />
              </Td>
              <Td>
                <Hash
                  value={epoch.txHash}
                  what="transaction"
                  href={`/explorer?kind=events&tx=${epoch.txHash}`}
                  copy={false}
                />
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {open && bondWei !== null && (
        <div className="mt-6 flex flex-col gap-4">
          <CodeBlock label="recompute" code={`npm run verify-epoch -- ${open.id}`} />
          <ChallengeEpoch epochId={open.id} bondWei={bondWei} />
        </div>
      )}
    </Section>
  );
}
