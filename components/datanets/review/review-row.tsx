'use client';

import { type FormEvent, useState } from 'react';
import { Address } from '#components/ui/address.tsx';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/cx.ts';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { ExampleRow } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { RowCardView } from '../row-card.tsx';
import { ProposedChange } from './proposed-change.tsx';

/** One waiting row as a whole, with its two decisions. */
export function ReviewRow({
  row,
  slug,
  fields,
  own,
  canDecide,
  inRound,
  selected,
  rejecting,
  busy,
  onSelect,
  onAccept,
  onReject,
  onRejecting,
}: {
  row: ExampleRow;
  slug: string;
  fields: readonly DatanetField[];
  own: boolean;
  canDecide: boolean;
  inRound: boolean;
  selected: boolean;
  /** The reason is being written. */
  rejecting: boolean;
  busy: boolean;
  onSelect: (selected: boolean) => void;
  onAccept: () => void;
  onReject: (reason: string) => void;
  onRejecting: (rejecting: boolean) => void;
}) {
  const decidable = canDecide && !own && !inRound;
  return (
    <li
      tabIndex={-1}
      data-row={row.id}
      className={cx('flex gap-3 border-b border-hairline py-4 outline-offset-4', selected && 'bg-sunken')}
    >
      {canDecide && (
        <input
          type="checkbox"
          aria-label={`Select: ${row.data?.[fields[0]?.name ?? ''] ?? row.id}`}
          checked={selected}
          disabled={own || inRound}
          onChange={(event) => onSelect(event.target.checked)}
          className="mt-1.5 size-4 shrink-0 accent-accent"
        />
      )}
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        {row.improves ? (
          <ProposedChange row={row} improves={row.improves} fields={fields} />
        ) : (
          <dl className="flex flex-col gap-2">
            {fields.map((field, i) => (
              <div key={field.name}>
                <dt className="sr-only">{field.label}</dt>
                <dd className={cx('prose-measure whitespace-pre-wrap', i === 0 && 'font-medium')}>
                  {row.data?.[field.name]}
                </dd>
              </div>
            ))}
          </dl>
        )}
        <p className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
          <Address address={row.contributor} you={own} copy={false} />
          <TimeAgo at={row.createdAt} />
          {own && canDecide && <span>Your own row: another curator decides.</span>}
          {inRound && <span>With validators now: they decide, see below.</span>}
        </p>
        {row.card && <RowCardView card={row.card} slug={slug} />}
        {decidable && !rejecting && (
          <div className="flex gap-2">
            <Button size="sm" variant="primary" disabled={busy} onClick={onAccept}>
              Accept
            </Button>
            <Button size="sm" disabled={busy} onClick={() => onRejecting(true)}>
              Reject…
            </Button>
          </div>
        )}
        {decidable && rejecting && <RejectForm busy={busy} onReject={onReject} onCancel={() => onRejecting(false)} />}
      </div>
    </li>
  );
}

function RejectForm({
  busy,
  onReject,
  onCancel,
}: {
  busy: boolean;
  onReject: (reason: string) => void;
  onCancel: () => void;
}) {
  const [reason, setReason] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim().length >= 3) onReject(reason.trim());
  };
  return (
    <form
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onCancel();
      }}
      className="flex max-w-xl flex-col gap-2"
    >
      <Field label="Why is it rejected?" hint="Its author reads this and can mend the row.">
        {(control) => (
          <Input
            {...control}
            autoFocus
            value={reason}
            maxLength={500}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      <div className="flex gap-2">
        <Button type="submit" size="sm" variant="danger" busy={busy} disabled={reason.trim().length < 3}>
          Reject
        </Button>
        <Button size="sm" variant="quiet" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
