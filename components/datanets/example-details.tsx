import Link from 'next/link';
import type { ReactNode } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Amount } from '#components/ui/amount.tsx';
import { Hash } from '#components/ui/hash.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { ExampleDetail } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { ExampleStatusLabel } from './example-status.tsx';
import { RowHistory } from './row-history.tsx';
import { RowLineage } from './row-lineage.tsx';

/** One row: its text, its life, the versions that hold it, and the answers in which it earned. */
export function ExampleDetails({
  example,
  fields,
  you,
}: {
  example: ExampleDetail;
  fields: readonly DatanetField[];
  you: string | null;
}) {
  return (
    <div className="flex flex-col gap-6">
      <dl className="flex flex-col gap-4">
        {example.data ? (
          shownFields(fields, example.data).map((field) => (
            <div key={field.name}>
              <dt className="label-small">{field.label}</dt>
              <dd className="prose-measure whitespace-pre-wrap">{example.data?.[field.name]}</dd>
            </div>
          ))
        ) : (
          <p className="text-muted">
            {example.status === 'withdrawn'
              ? 'Its author has withdrawn this row; its text is not shown any more.'
              : example.status === 'pending' || example.status === 'rejected'
                ? 'Nobody has let this row in, so its text is not published. Its author, the owner and the curators read it.'
                : 'The text of this row is for readers of its Datanet alone. The Access page says who that is.'}
          </p>
        )}
      </dl>
      {example.replacedBy && (
        <p className="text-sm">
          A better version stands in its place:{' '}
          <Link className="link" href={`/datanets/${example.datanetSlug}/rows/${example.replacedBy}`}>
            {example.replacedBy}
          </Link>
          . Everybody who worked on this row has a part of what that one earns.
        </p>
      )}
      {example.copyOf.length > 0 && (
        <p className="text-sm">
          A copy of an older row, by its words: models are trained on the original, which has the credit. Original:{' '}
          {example.copyOf.map((id) => (
            <Link key={id} className="link mr-2" href={`/datanets/${example.datanetSlug}/rows/${id}`}>
              {id}
            </Link>
          ))}
        </p>
      )}
      <dl className="grid grid-cols-2 gap-x-6 gap-y-3 text-sm">
        <Fact label="State">
          <ExampleStatusLabel status={example.status} />
          {example.reason && (example.status === 'rejected' || example.status === 'quarantined') && (
            <p className="mt-1 text-bad">{example.reason}</p>
          )}
        </Fact>
        <Fact label="Earned">
          <Amount wei={example.earnedWei} />
        </Fact>
        <Fact label="Author">
          <Address address={example.contributor} you={example.contributor === you} copy={false} />
        </Fact>
        {example.contentHash && (
          <Fact label="Hash of its words">
            <Hash value={example.contentHash} what="content hash" />
          </Fact>
        )}
      </dl>
      <RowLineage example={example} you={you} />
      <RowHistory example={example} />
      <Earnings example={example} />
    </div>
  );
}

/** Of a sealed row the server has no text, and so no field to name. */
const shownFields = (fields: readonly DatanetField[], data: Record<string, string>) =>
  Object.keys(data).length === 0 ? [] : fields;

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex flex-col gap-0.5">
      <dt className="label-small">{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Earnings({ example }: { example: ExampleDetail }) {
  return (
    <section>
      <h2 className="title-small mb-2">Answers it had influence on</h2>
      {example.earnings.length === 0 ? (
        <p className="text-sm text-muted">
          None yet. A row earns when a model trained on it gives a paid answer and the row shaped that answer.
        </p>
      ) : (
        <Table label="Answers that this row had influence on" scroll="18rem">
          <thead>
            <tr>
              <Th>Receipt</Th>
              <Th>Model</Th>
              <Th numeric>Share</Th>
              <Th numeric>Earned</Th>
            </tr>
          </thead>
          <tbody>
            {example.earnings.map((earning) => (
              <Tr key={earning.inferenceId}>
                <Td>
                  {earning.receiptId && (
                    <Hash value={earning.receiptId} href={`/receipts/${earning.receiptId}`} copy={false} />
                  )}
                </Td>
                <Td>
                  <Link href={`/models/${earning.modelSlug}`} className="link">
                    {earning.modelName}
                  </Link>
                </Td>
                <Td numeric>{(earning.sharePpm / 10_000).toFixed(2)} %</Td>
                <Td numeric>
                  {earning.amountWei === null ? (
                    <span className="font-sans text-muted">not settled</span>
                  ) : (
                    <Amount wei={earning.amountWei} unit={false} />
                  )}
                </Td>
              </Tr>
            ))}
          </tbody>
        </Table>
      )}
      {example.poolWei > 0n && (
        <p className="mt-2 text-sm">
          And <Amount wei={example.poolWei} /> as its equal part of what answers without a certified source paid.
        </p>
      )}
    </section>
  );
}
