import Link from 'next/link';
import { RowsRead, rowsReadSummary } from '#components/receipts/rows-read.tsx';
import { SourceRows } from '#components/receipts/source-rows.tsx';
import { Section } from '#components/ui/section.tsx';
import type { AnswerShares } from '#lib/kernel/read-shares.ts';
import type { IssuedReceipt } from './_data.ts';

const rowsMax = 50;

/** The three kinds of sources, each under its own label: estimated influence, rows read, matches of text. */
export function ReceiptSources({ receipt, answer }: { receipt: IssuedReceipt['receipt']; answer: AnswerShares }) {
  const { body, rows, matches, copies } = receipt;
  const version = body.datanet.number;
  const retrieval = body.version === 1 ? undefined : body.attribution.retrieval;
  const rowOf = ({ exampleId, contributor }: { exampleId: string; contributor: string }) => ({
    ...{ exampleId, contributor },
    data: rows[exampleId]?.data ?? null,
    datanetSlug: rows[exampleId]?.datanetSlug ?? null,
  });
  return (
    <>
      {answer.rows.length > 0 && (
        <Section
          title="Rows with estimated influence"
          intro={
            <>
              {answer.rows.length} {answer.rows.length === 1 ? 'row stands' : 'rows stand'} above the noise of this
              answer. It is an estimate:{' '}
              <Link className="link" href="/receipts/how#influence">
                how it is found, and what it does not prove
              </Link>
              .{answer.rows.length > rowsMax && ` The ${rowsMax} strongest stand here, all of them in the JSON.`}
            </>
          }
        >
          <SourceRows
            version={version}
            rows={answer.rows
              .slice(0, rowsMax)
              .map((row) => ({ ...rowOf(row), credit: row, matches: 0, copies: copies[row.exampleId] }))}
          />
        </Section>
      )}
      {retrieval && (
        <Section title="Rows read" intro={rowsReadSummary(retrieval)}>
          <RowsRead retrieval={retrieval} rows={rows} />
        </Section>
      )}
      {matches.length > 0 && (
        <Section
          title="Rows that match text"
          intro={`Stretches of this answer stand word for word in these rows. That is quotation, not influence: it moves no share. The stretches themselves are shown only beside the answer.${
            matches.length > rowsMax ? ` ${rowsMax} of ${matches.length} rows stand here.` : ''
          }`}
        >
          <SourceRows
            version={version}
            rows={matches.slice(0, rowsMax).map((row) => ({ ...rowOf(row), credit: null, matches: row.spans }))}
          />
        </Section>
      )}
    </>
  );
}
