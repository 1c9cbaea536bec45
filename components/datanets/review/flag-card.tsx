import Link from 'next/link';
import { Address } from '#components/ui/address.tsx';
import { TimeAgo } from '#components/ui/time-ago.tsx';
import type { DatanetField } from '#lib/datanets/types.ts';
import type { FlaggedRow, HarmDecision, HarmFlag } from '#lib/harm/types.ts';
import { FlagDecision } from '../owner-parts.tsx';
import { FlagEvidence } from './flag-evidence.tsx';
import type { DecideFlagAction } from './use-flag-decision.ts';

const titles: Record<HarmFlag['evidence']['kind'], string> = {
  probes: 'Rows that work against everybody else’s',
  conflict: 'A row that contradicts an older one',
  report: 'Somebody reports a fault',
};

const decisions: Record<HarmDecision, string> = {
  keep: 'Kept',
  withdraw: 'Taken out of later versions',
  improve: 'Agreed: to be improved',
};

/** One flag: what it says, about which rows, and what came of it. */
export function FlagCard({
  flag,
  fields,
  decide,
}: {
  flag: HarmFlag;
  fields: readonly DatanetField[];
  decide?: DecideFlagAction | undefined;
}) {
  const { decision } = flag;
  return (
    <article className="flex flex-col gap-3">
      <h3 className="title-small">{titles[flag.evidence.kind]}</h3>
      <FlagEvidence flag={flag} />
      <p className="flex flex-wrap items-center gap-x-3 text-xs text-muted">
        {flag.reportedBy && (
          <span>
            Reported by <Address address={flag.reportedBy} copy={false} />
          </span>
        )}
        <span>
          Rows of <Address address={flag.contributor} copy={false} />
        </span>
        <TimeAgo at={flag.createdAt} />
      </p>
      <ul className="flex flex-col gap-2 text-sm">
        {flag.rows.map((row) => (
          <FlaggedRowLine key={row.exampleId} row={row} slug={flag.datanetSlug} fields={fields} />
        ))}
      </ul>
      {decision && (
        <p className="text-sm">
          {decisions[decision.decision]} by <Address address={decision.by} copy={false} />: {decision.reason}{' '}
          <span className="text-muted">
            <TimeAgo at={decision.at} />
          </span>
        </p>
      )}
      {!decision && decide && <FlagDecision flag={flag} questionField={fields[0]?.name ?? ''} decide={decide} />}
    </article>
  );
}

function FlaggedRowLine({ row, slug, fields }: { row: FlaggedRow; slug: string; fields: readonly DatanetField[] }) {
  const [question, answer] = [fields[0], fields.at(-1)];
  return (
    <li className="border-l border-hairline pl-4">
      <Link href={`/datanets/${slug}/rows/${row.exampleId}`} className="link">
        {row.data?.[question?.name ?? ''] ?? 'Withdrawn by its author'}
      </Link>
      {answer !== question && (
        <p className="prose-measure whitespace-pre-wrap text-muted">{row.data?.[answer?.name ?? '']}</p>
      )}
      <p className="text-xs text-muted">
        Paid answers: worked against {row.harmed}, has credit in {row.credited}.
        {row.withdrawn && <span className="text-bad"> Taken out.</span>}
      </p>
    </li>
  );
}
