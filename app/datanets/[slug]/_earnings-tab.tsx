import { buildDeps } from '#app/_server/deps.ts';
import { Amount } from '#components/ui/amount.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { LinkButton } from '#components/ui/link-button.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import { listDatanetEarnings } from '#lib/datanets/list-datanet-earnings.ts';
import type { DatanetDetail } from '#lib/datanets/types.ts';

/** What the rows have earned for their authors, by payment period. */
export async function EarningsTab({ datanet }: { datanet: DatanetDetail }) {
  const periods = await listDatanetEarnings(buildDeps().db, datanet.id);
  if (periods.length === 0) {
    return (
      <EmptyState
        title="Nothing settled yet"
        action={
          datanet.modelCount > 0 ? (
            <LinkButton href="/playground">Ask a model of this Datanet</LinkButton>
          ) : (
            <LinkButton href={`/datanets/${datanet.slug}?tab=models`}>See its models</LinkButton>
          )
        }
      >
        Paid answers are settled together every few minutes. Each fee is split by what the rows contributed to the
        answer.
      </EmptyState>
    );
  }
  return (
    <Table label={`Earnings of ${datanet.title} by payment period`}>
      <thead>
        <tr>
          <Th numeric>Payment period</Th>
          <Th>Closed</Th>
          <Th numeric>Paid answers</Th>
          <Th numeric>Authors paid</Th>
          <Th numeric>To authors</Th>
        </tr>
      </thead>
      <tbody>
        {periods.map((period) => (
          <Tr key={period.number}>
            <Td numeric>{period.number}</Td>
            <Td>
              <TimeAgo at={period.closedAt} mode="date" />
            </Td>
            <Td numeric>{period.answers.toLocaleString('en')}</Td>
            <Td numeric>{period.earners.toLocaleString('en')}</Td>
            <Td numeric>
              <Amount wei={period.dataWei} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
