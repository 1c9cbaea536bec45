import { formatSeconds } from '#components/model-factory/format.ts';
import { Section } from '#components/ui/section.tsx';
import { Stat, StatRow } from '#components/ui/stat.tsx';
import { Status } from '#components/ui/status.tsx';
import type { AuditReport, MeasuredReport } from '#lib/audits/types.ts';
import { AuditHistory } from './audit-history.tsx';
import { AuditProgress } from './audit-progress.tsx';
import { EffectScatter } from './effect-scatter.tsx';
import { GatesTable } from './gates-table.tsx';
import { RefusalReasons } from './refusal-reasons.tsx';
import { type RequestAudit, RequestAuditButton } from './request-audit-button.tsx';
import { formatPpm, statusWords } from './words.ts';

/** How far a model's attribution was found right: its certificate, what was measured, what it cost, and what came before. */
export function AuditSection({
  adapterId,
  report,
  request,
}: {
  adapterId: string;
  report: AuditReport;
  /** Left out for those who may not ask for an audit. */
  request?: RequestAudit | undefined;
}) {
  const { certificate, measured, open, history, day } = report;
  const { tone, title, text } = statusWords[certificate.status];
  const mayAsk = request && !open && (certificate.status === 'certified' || certificate.status === 'suspended');
  return (
    <Section
      id="audit"
      title="Audit"
      intro="Is attribution right for this model? Rows are really taken away, the model is trained again, and what attribution had predicted is held against what happened."
      action={mayAsk && <RequestAuditButton adapterId={adapterId} request={request} />}
    >
      <div className="flex flex-col gap-6">
        <div className="flex flex-col gap-1">
          <Status tone={tone}>{title}</Status>
          <p className="prose-measure text-sm text-muted">{text}</p>
        </div>
        {open && <AuditProgress entry={open} report={report} />}
        <RefusalReasons report={report} />
        {measured && <Measured measured={measured} alphaPpm={certificate.alphaPpm} />}
        {history.length > 0 && (
          <div>
            <h3 className="title-small mb-2">What was measured, and what it cost</h3>
            <AuditHistory entries={history} adapterId={adapterId} />
            <p className="mt-2 text-xs text-muted">
              In the last 24 hours certifications and audits of all models took {formatSeconds(day.spentSeconds)} of CPU
              time; the budget is {formatSeconds(day.budgetSeconds)}.
            </p>
          </div>
        )}
      </div>
    </Section>
  );
}

function Measured({ measured, alphaPpm }: { measured: MeasuredReport; alphaPpm: number }) {
  const { scorePpm, lowerPpm, upperPpm, retrainings, answers, rows, points, withoutRow } = measured;
  const range = `${formatPpm(lowerPpm)} to ${formatPpm(upperPpm)}`;
  return (
    <>
      <StatRow>
        <Stat
          label="Predicted against true"
          value={formatPpm(scorePpm)}
          note={`90 % interval ${range}; 1 is perfect`}
        />
        <Stat
          label="Explained on receipts, at most"
          value={`${Math.round(alphaPpm / 10_000)} %`}
          note="of an answer’s influence; more is not claimed"
        />
        <Stat label="Trained again" value={retrainings} note={`times, on ${rows} rows; ${answers} answers compared`} />
      </StatRow>
      <GatesTable measured={measured} />
      {withoutRow && withoutRow.trainings > 0 && (
        <p className="prose-measure text-sm text-muted">
          Trained again {withoutRow.trainings} times without the one row that scored highest in a paid answer:{' '}
          {withoutRow.asPredicted} of those answers moved as attribution had predicted.
        </p>
      )}
      <EffectScatter
        points={points}
        summary={`Predicted against true effects of taking half of the rows away. Their rank correlation is ${formatPpm(scorePpm)}, with a 90 % interval from ${range}.`}
      />
    </>
  );
}
