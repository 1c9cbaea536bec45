'use client';

import Link from 'next/link';
import { useEffect, useState } from 'react';
import { ActionProblem } from '#components/datanets/action-problem.tsx';
import { type Action, type ActionError, runAction } from '#components/datanets/action-types.ts';
import { type ReviewAction, useReview } from '#components/datanets/review/use-review.ts';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { EmptyState } from '#components/ui/empty-state.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import type { DatanetField, Page } from '#lib/datanets/types.ts';
import { openRow } from '#lib/kernel/sealing/seal-row.ts';
import type { ListSealedRowsInput } from '#lib/sealed-rows/schema.ts';
import type { SealedRowView } from '#lib/sealed-rows/types.ts';
import { type KeyPlace, type OpenKeys, WithDataKeys } from './with-data-keys.tsx';

type OpenedRow = SealedRowView & { data: Record<string, string> | null };
type Props = {
  slug: string;
  place: KeyPlace;
  fields: readonly DatanetField[];
  status: 'accepted' | 'pending';
  list: Action<ListSealedRowsInput, Page<SealedRowView>>;
  /** For owner and curators, who decide about pending rows. */
  review: ReviewAction | null;
};

/** The rows of an encrypted Datanet, opened in this browser. The server gave it noise. */
export function SealedRows(props: Props) {
  return <WithDataKeys place={props.place}>{(keys) => <Rows {...props} keys={keys} />}</WithDataKeys>;
}

function Rows({ slug, place: { datanetId, account }, fields, status, list, review, keys }: Props & { keys: OpenKeys }) {
  const [rows, setRows] = useState<OpenedRow[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const [error, setError] = useState<ActionError | null>(null);
  const load = async (after?: string) => {
    const result = await runAction(list, { datanetId, status, ...(after && { after }) });
    setError(result.ok ? null : result.error);
    if (!result.ok) return;
    const opened = await Promise.all(result.data.items.map((row) => openedOf(row, datanetId, keys)));
    setRows((old) => [...(after ? (old ?? []) : []), ...opened]);
    setCursor(result.data.nextCursor);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for these keys
  useEffect(() => {
    void load();
  }, [keys.keys]);
  if (error) return <ActionProblem error={error} />;
  if (!rows) return <p className="text-sm text-muted">Opening the rows in this browser…</p>;
  if (rows.length === 0)
    return (
      <EmptyState title={status === 'pending' ? 'Nothing waits for review' : 'No accepted rows yet'}>
        Members seal rows in their browser on the Contribute page.
      </EmptyState>
    );
  return (
    <div className="flex flex-col gap-4">
      <OpenedTable {...{ rows, fields, account, datanetId, review, slug }} />
      {cursor && (
        <div>
          <Button onClick={() => load(cursor)}>Show more rows</Button>
        </div>
      )}
    </div>
  );
}

async function openedOf(row: SealedRowView, datanetId: string, { keys }: OpenKeys): Promise<OpenedRow> {
  const { wrappedKey } = row;
  const data = wrappedKey && (await openRow({ ...row, wrappedKey }, { datanetId, keys }).catch(() => null));
  return { ...row, data: data || null };
}

function OpenedTable({
  rows,
  fields,
  account,
  datanetId,
  review,
  slug,
}: Pick<Props, 'fields' | 'review' | 'slug'> & { rows: OpenedRow[]; account: string; datanetId: string }) {
  return (
    <Table label="Rows opened in this browser">
      <thead>
        <tr>
          {fields.map((field) => (
            <Th key={field.name}>{field.label}</Th>
          ))}
          <Th>Author</Th>
          {review && <Th>Decision</Th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Tr key={row.id} className="align-top">
            {fields.map((field, i) => (
              <Td key={field.name} className="py-2 align-top">
                {row.data ? row.data[field.name] : i === 0 && <Unopened row={row} />}
              </Td>
            ))}
            <Td className="py-2 align-top">
              <Address address={row.contributor} you={row.contributor === account} copy={false} />
              <Link className="link block w-fit text-xs" href={`/datanets/${slug}/rows/${row.id}`}>
                See the row
              </Link>
            </Td>
            {review && (
              <Td className="py-2 align-top">
                {row.contributor === account ? 'Your own row' : <Decide {...{ row, datanetId, review }} />}
              </Td>
            )}
          </Tr>
        ))}
      </tbody>
    </Table>
  );
}

/** A row that stays closed says why. */
function Unopened({ row }: { row: OpenedRow }) {
  return (
    <span className="text-muted">
      {row.wrappedKey === null
        ? 'Erased: its key is destroyed.'
        : `You have no key to this row (era ${row.era}), or it was damaged.`}
    </span>
  );
}

function Decide({ row, datanetId, review }: { row: OpenedRow; datanetId: string; review: ReviewAction }) {
  const { gone, busy, error, decide } = useReview(datanetId, review);
  if (gone.has(row.id)) return <span className="text-muted">Decided</span>;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex gap-2">
        <Button size="sm" busy={busy} disabled={!row.data} onClick={() => decide([row.id], 'accept')}>
          Accept
        </Button>
        <Button
          size="sm"
          variant="quiet"
          busy={busy}
          onClick={() => decide([row.id], 'reject', 'Does not fit the rubric')}
        >
          Reject
        </Button>
      </div>
      <ActionProblem error={error} />
    </div>
  );
}
