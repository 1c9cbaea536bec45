import { Hash } from '#components/ui/hash.tsx';
import { Section } from '#components/ui/section.tsx';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { RowFunnel as Funnel, FunnelStage } from '#lib/rewards/types.ts';

const stages: Record<FunnelStage, { label: string; next: string }> = {
  sent: { label: 'Sent', next: 'a curator decides about it next' },
  accepted: { label: 'Accepted', next: 'counts when a model is trained on a version that holds it' },
  trained: { label: 'Trained', next: 'counts when it shapes an answer measurably' },
  influential: { label: 'Influential', next: 'paid when the answer’s period is settled' },
  paid: { label: 'Paid', next: 'its answers were settled' },
};
const order: FunnelStage[] = ['sent', 'accepted', 'trained', 'influential', 'paid'];
const ended: Partial<Record<Funnel['rows'][number]['status'], string>> = {
  rejected: 'rejected by a curator; the row says why',
  withdrawn: 'you withdrew it',
  superseded: 'an improvement took its place; it earns its part of that',
  quarantined: 'taken out, because it does harm',
};

/** The way of an account's rows to money: how many came how far, and where each of the newest stands. */
export function RowFunnel({ funnel }: { funnel: Funnel }) {
  const { counts, rows } = funnel;
  return (
    <Section
      title="From row to payment"
      intro="Each row passes these stages in order. What answers without a source pay is shared among all rows alike and not counted here."
    >
      <ol className="mb-6 grid grid-cols-1 gap-x-8 gap-y-3 sm:grid-cols-5">
        {order.map((stage) => (
          <li key={stage} className="flex flex-col gap-1">
            <span className="label-small">{stages[stage].label}</span>
            <span className="figures text-2xl">{counts[stage].toLocaleString('en')}</span>
            <span aria-hidden className="h-1.5 overflow-hidden rounded-full bg-hairline">
              <span
                className="block h-full bg-accent"
                style={{ width: `${counts.sent === 0 ? 0 : (100 * counts[stage]) / counts.sent}%` }}
              />
            </span>
          </li>
        ))}
      </ol>
      <Table label="Your newest rows and how far each has come">
        <thead>
          <tr>
            <Th>Row</Th>
            <Th>Datanet</Th>
            <Th>Sent</Th>
            <Th>Stage</Th>
            <Th>What comes next</Th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Tr key={row.exampleId}>
              <Td>
                <Hash
                  value={row.exampleId}
                  href={`/datanets/${row.datanetSlug}/rows/${row.exampleId}`}
                  what="row id"
                  copy={false}
                />
              </Td>
              <Td>{row.datanetTitle}</Td>
              <Td className="text-muted">
                <TimeAgo at={row.sentAt} />
              </Td>
              <Td>
                <Status tone={row.stage === 'paid' ? 'good' : 'neutral'}>
                  {stages[row.stage].label.toLowerCase()}
                </Status>
              </Td>
              <Td className="min-w-56 text-muted">{ended[row.status] ?? stages[row.stage].next}</Td>
            </Tr>
          ))}
        </tbody>
      </Table>
    </Section>
  );
}
