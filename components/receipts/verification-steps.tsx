import { Status } from '#components/ui/status.tsx';
import type { StepOutcome } from '#lib/kernel/verification/step-outcome.ts';

const tones = { ok: 'good', differs: 'bad', skipped: 'neutral' } as const;

/** Steps of recomputing a receipt, in order, each with what came out. */
export function VerificationSteps({ steps }: { steps: readonly StepOutcome[] }) {
  return (
    <ol className="flex flex-col text-sm">
      {steps.map((step) => (
        <li
          key={`${step.id} ${step.name} ${step.detail}`}
          className="grid grid-cols-1 gap-x-6 border-b border-hairline py-2 md:grid-cols-[22rem_1fr]"
        >
          <Status tone={tones[step.state]} wrap>
            {step.name}
          </Status>
          <span className="figures text-xs break-all text-muted">
            {step.state === 'skipped' ? `not checked here: ${step.detail}` : step.detail}
          </span>
        </li>
      ))}
    </ol>
  );
}
