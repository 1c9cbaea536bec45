import Link from 'next/link';
import { Section } from '#components/ui/section.tsx';
import { Status } from '#components/ui/status.tsx';
import type { AuditReport } from '#lib/audits/types.ts';
import { AuditProgress } from './audit-progress.tsx';
import { GatesTable } from './gates-table.tsx';
import { RefusalReasons } from './refusal-reasons.tsx';
import { statusWords } from './words.ts';

/** On a finished run: whether its attribution may be paid by, or how far the measuring is. */
export function RunCertificate({ report, modelSlug }: { report: AuditReport; modelSlug: string | null }) {
  const { certificate, open, measured } = report;
  const { tone, title, text } = statusWords[certificate.status];
  return (
    <Section
      title="Certificate"
      intro="Before people are paid by name, the training is repeated on halves of the rows to see whether attribution predicts what happens. It runs in the background and holds nothing up."
      action={
        modelSlug && (
          <Link href={`/models/${modelSlug}#audit`} className="link text-sm">
            All figures
          </Link>
        )
      }
    >
      <div className="flex flex-col gap-4">
        {!(open && certificate.status === 'pending') && (
          <div className="flex flex-col gap-1">
            <Status tone={tone}>{title}</Status>
            <p className="prose-measure text-sm text-muted">{text}</p>
          </div>
        )}
        {open && <AuditProgress entry={open} report={report} />}
        <RefusalReasons report={report} />
        {measured && <GatesTable measured={measured} />}
      </div>
    </Section>
  );
}
