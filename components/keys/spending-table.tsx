import { Amount } from '#components/ui/amount.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { KeySpending } from '#lib/serving/types.ts';

const kinds = { answer: 'Answers', training: 'Trainings', task: 'Tasks', pass: 'Passes' } as const;
const columns = Object.entries(kinds) as [keyof typeof kinds, string][];

/** What each key spent in the span, by kind; beside it what the key has spent since it was made, which its budget counts. */
export function SpendingTable({ keys, spentInAll }: { keys: KeySpending[]; spentInAll: ReadonlyMap<string, bigint> }) {
  return (
    <Section
      title="Spent by key"
      intro="Every charge stands in exactly one column. A task counts from the moment that its price was agreed to."
    >
      <Table label="Spent by key">
        <thead>
          <tr>
            <Th>Key</Th>
            <Th numeric>Together</Th>
            {columns.map(([kind, label]) => (
              <Th key={kind} numeric>
                {label}
              </Th>
            ))}
            <Th numeric>Since it was made</Th>
          </tr>
        </thead>
        <tbody>
          {keys.map((one) => (
            <Tr key={one.keyId}>
              <Td className={one.keyId === null ? 'text-muted' : 'font-medium'}>{one.key ?? 'on the site'}</Td>
              <Td numeric>
                <Amount wei={one.feeWei} />
              </Td>
              {columns.map(([kind]) => (
                <Td key={kind} numeric>
                  <Amount wei={one.kinds[kind]?.feeWei ?? 0n} unit={false} />
                </Td>
              ))}
              <Td numeric>{one.keyId !== null && <Amount wei={spentInAll.get(one.keyId) ?? one.feeWei} />}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
