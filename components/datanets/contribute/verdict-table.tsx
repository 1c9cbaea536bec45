'use client';

import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import type { Tone } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { cx } from '#components/ui/cx.ts';
import { Status } from '#components/ui/status.tsx';
import { Table, Td, Th, Tr } from '#components/ui/table.tsx';
import { describeVerdict } from '#lib/contributions/parse/describe-verdict.ts';
import type { RowVerdict } from '#lib/contributions/types.ts';
import type { DatanetField } from '#lib/datanets/types.ts';
import { RowCardView } from '../row-card.tsx';
import type { CheckedRow } from './check-rows.ts';

export type VerdictGroup = 'new' | 'duplicate' | 'invalid' | 'held';

const groupOf = (verdict: RowVerdict): VerdictGroup =>
  verdict.kind === 'duplicate-in-file' ? 'duplicate' : verdict.kind;

const groups: { group: VerdictGroup; label: string; tone: Tone }[] = [
  { group: 'new', label: 'new', tone: 'good' },
  { group: 'duplicate', label: 'duplicate', tone: 'neutral' },
  { group: 'invalid', label: 'to mend', tone: 'bad' },
  { group: 'held', label: 'held', tone: 'warn' },
];

/** How many rows have which verdict. */
export function countVerdicts(rows: readonly CheckedRow[]): Record<VerdictGroup, number> {
  const counts = { new: 0, duplicate: 0, invalid: 0, held: 0 };
  for (const row of rows) counts[groupOf(row.verdict)]++;
  return counts;
}

const pageSize = 50;

/** Every row with its verdict; the counts above filter. Rows to look at come first when nothing is chosen. */
export function VerdictTable({
  rows,
  fields,
  slug,
  onRedact,
  onRemove,
}: {
  rows: readonly CheckedRow[];
  fields: readonly DatanetField[];
  slug: string;
  onRedact: (line: number) => void;
  /** Given where rows can be taken out one by one (typed rows). */
  onRemove: ((line: number) => void) | undefined;
}) {
  const [only, setOnly] = useState<VerdictGroup | null>(null);
  const [shown, setShown] = useState(pageSize);
  const counts = countVerdicts(rows);
  const rank = (row: CheckedRow) => (row.verdict.kind === 'new' && !row.verdict.card?.held ? 1 : 0);
  const wanted = only
    ? rows.filter((row) => groupOf(row.verdict) === only)
    : rows.toSorted((a, b) => rank(a) - rank(b) || a.line - b.line);
  return (
    <div className="flex flex-col gap-3">
      <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
        <legend className="sr-only">Show rows with the verdict</legend>
        {groups.map(({ group, label, tone }) => (
          <button
            key={group}
            type="button"
            aria-pressed={only === group}
            disabled={counts[group] === 0}
            onClick={() => setOnly(only === group ? null : group)}
            className={cx(
              'min-h-7 border-b-2 border-transparent disabled:text-muted',
              only === group && 'border-accent',
            )}
          >
            <Status tone={counts[group] === 0 ? 'neutral' : tone}>
              <span data-verdict-count={group}>{counts[group]}</span> {label}
            </Status>
          </button>
        ))}
      </fieldset>
      <Table label="Rows and their verdicts" scroll="32rem">
        <thead>
          <tr>
            <Th numeric>Line</Th>
            <Th>{fields[0]?.label}</Th>
            <Th>Verdict</Th>
            <Th>
              <span className="sr-only">Do</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {wanted.slice(0, shown).map((row) => (
            <Tr key={row.line} data-verdict={row.verdict.kind} data-line={row.line}>
              <Td numeric className="align-top py-2">
                {row.line}
              </Td>
              <Td className="w-2/5 min-w-32 py-2 align-top">
                <span className="line-clamp-2">{row.data?.[fields[0]?.name ?? ''] ?? ''}</span>
              </Td>
              <Td className="min-w-48 py-2 align-top">
                {sentence(row.verdict, slug)}
                {row.verdict.kind === 'new' && row.verdict.card && <RowCardView card={row.verdict.card} slug={slug} />}
              </Td>
              <Td className="py-1.5 text-right align-top whitespace-nowrap">
                {mayRedact(row.verdict) && (
                  <Button size="sm" onClick={() => onRedact(row.line)}>
                    Redact<span className="sr-only"> line {row.line}</span>
                  </Button>
                )}
                {onRemove && (
                  <Button size="sm" variant="quiet" onClick={() => onRemove(row.line)}>
                    Remove<span className="sr-only"> row {row.line}</span>
                  </Button>
                )}
              </Td>
            </Tr>
          ))}
        </tbody>
      </Table>
      {wanted.length > shown && (
        <div>
          <Button size="sm" onClick={() => setShown(shown + 200)}>
            Show more ({wanted.length - shown} left)
          </Button>
        </div>
      )}
    </div>
  );
}

/** Personal data has to be taken out; a name may stay, and can be taken out the same way. */
function mayRedact(verdict: RowVerdict): boolean {
  if (verdict.kind === 'held') return true;
  return verdict.kind === 'new' && !!verdict.card?.reasons.some(({ check }) => check === 'names');
}

function sentence(verdict: RowVerdict, slug: string): ReactNode {
  const tone = groups.find(({ group }) => group === groupOf(verdict))!.tone;
  const text =
    verdict.kind === 'duplicate' && verdict.exampleId !== null ? (
      <>
        Duplicate of{' '}
        <Link href={`/datanets/${slug}/rows/${verdict.exampleId}`} className="link figures text-xs" target="_blank">
          …{verdict.exampleId.slice(-6)}
        </Link>{' '}
        ({verdict.status}).
      </>
    ) : (
      describeVerdict(verdict)
    );
  return (
    <span className="flex items-baseline gap-2">
      <Status tone={tone}>{''}</Status>
      <span>{text}</span>
    </span>
  );
}
