import Link from 'next/link';
import type { ReactNode } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Section } from '#components/ui/section.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { ModelEarning, PeriodEarning, RowEarning } from '#lib/rewards/types.ts';

/** Where the money came from: by row, by model, by period. */
export function EarningsTables(props: { byModel: ModelEarning[]; byRow: RowEarning[]; byPeriod: PeriodEarning[] }) {
  return (
    <div className="grid grid-cols-1 gap-8 lg:grid-cols-2">
      {props.byRow.length > 0 && (
        <Section
          title="By row"
          className="lg:col-span-2"
          intro="What rows earned in answers that they shaped. What answers without a source pay goes to all rows alike: it is in the tables below and in the statement."
        >
          <Grid
            label="Earnings by row"
            heads={['Row', 'Datanet', 'Answers']}
            rows={props.byRow.map((row) => ({
              key: row.exampleId,
              cells: [
                <Hash
                  key="row"
                  value={row.exampleId}
                  href={`/datanets/${row.datanetSlug}/rows/${row.exampleId}`}
                  what="row id"
                  copy={false}
                />,
                row.datanetTitle,
                String(row.answers),
              ],
              amountWei: row.amountWei,
            }))}
          />
        </Section>
      )}
      <Section title="By model">
        <Grid
          label="Earnings by model"
          heads={['Model', 'Answers']}
          rows={props.byModel.map((row) => ({
            key: row.modelId,
            cells: [
              <Link key="model" className="link" href={`/models/${row.slug}`}>
                {row.name}
              </Link>,
              String(row.receipts),
            ],
            amountWei: row.amountWei,
          }))}
        />
      </Section>
      <Section title="By period">
        <Grid
          label="Earnings by reward period"
          heads={['Period']}
          rows={props.byPeriod.map((row) => ({
            key: row.periodId,
            cells: [
              <Link key="period" className="link figures" href={`/rewards/periods/${row.number}`}>
                {row.number}
              </Link>,
            ],
            amountWei: row.amountWei,
          }))}
        />
      </Section>
    </div>
  );
}

type GridRow = { key: string; cells: ReactNode[]; amountWei: bigint };

function Grid({ label, heads, rows }: { label: string; heads: string[]; rows: GridRow[] }) {
  return (
    <Table label={label}>
      <thead>
        <tr>
          {heads.map((head) => (
            <Th key={head}>{head}</Th>
          ))}
          <Th numeric>Earned</Th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.key}>
            {row.cells.map((cell, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns have a fixed order
              <Td key={i}>{cell}</Td>
            ))}
            <Td numeric>
              <Amount wei={row.amountWei} digits={6} />
            </Td>
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}
