'use client';

import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { CodeBlock } from '#components/ui/code-block.tsx';
import { Progress } from '#components/ui/progress.tsx';
import { Status } from '#components/ui/status.tsx';
import { firstDifference, type StepOutcome } from '#lib/kernel/verification/step-outcome.ts';
import { indexBytesMax } from './index-bytes-max.ts';
import { VerificationSteps } from './verification-steps.tsx';

/**
 * Recomputes the receipt in this browser, step by step, up to the first that differs: hash, signature, fee, shares, and with the
 * index every row's score. What needs the model or the payer's words is named as not checked, with the command that does it.
 */
export function VerifyReceiptButton({ receiptId }: { receiptId: string }) {
  const [steps, setSteps] = useState<StepOutcome[] | null>(null);
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [problem, setProblem] = useState<string | null>(null);
  const [done, setDone] = useState<number | null>(null);
  async function verify() {
    setState('busy');
    setProblem(null);
    try {
      // Schemas and signatures are heavy; who only reads a receipt needs neither.
      const [{ verifyEvidence }, { fetchBrowserEvidence }] = await Promise.all([
        import('#lib/kernel/verification/verify-evidence.ts'),
        import('./browser-evidence.ts'),
      ]);
      const evidence = await fetchBrowserEvidence(receiptId, (_, part, total) =>
        setDone(total > 0 ? part / total : null),
      );
      const found: StepOutcome[] = [];
      for await (const step of verifyEvidence(evidence)) {
        found.push(step);
        setSteps([...found]);
      }
    } catch (error) {
      setProblem((error as Error).message);
    }
    setState('done');
  }
  const failed = steps && firstDifference(steps);
  const open = steps?.some((step) => step.state === 'skipped') ?? false;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-4 print:hidden">
        <Button variant="primary" onClick={verify} disabled={state === 'busy'}>
          {state === 'busy' ? 'Recomputing…' : 'Verify in this browser'}
        </Button>
        <output aria-live="polite">
          {state === 'done' && steps && !failed && !problem && (
            <Status tone="good">Every step checked here recomputes</Status>
          )}
          {failed && <Status tone="bad">First difference: {failed.name}</Status>}
          {problem && <Status tone="warn">{problem}</Status>}
        </output>
      </div>
      {state === 'busy' && done !== null && <Progress value={done} label="Downloading and scoring the index" />}
      {steps && <VerificationSteps steps={steps} />}
      {state === 'done' && open && !failed && (
        <div className="flex flex-col gap-2 text-sm text-muted">
          <p className="prose-measure">
            What is not checked here needs the model, your own record of the answer, the chain, or an index larger than{' '}
            {indexBytesMax / 1_000_000} MB. On your own machine, with this project:
          </p>
          <CodeBlock label="npm" code={`npm run verify -- ${receiptId}`} />
        </div>
      )}
    </div>
  );
}
