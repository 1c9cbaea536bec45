'use client';

import { useState } from 'react';
import { VerificationSteps } from '#components/receipts/verification-steps.tsx';
import { Button } from '#components/ui/button.tsx';
import { Status } from '#components/ui/status.tsx';
import { firstDifference, type StepOutcome } from '#lib/kernel/verification/step-outcome.ts';

/** Checks a chain of tasks in this browser, each link from both of its ends, up to the first that differs. */
export function VerifyTaskButton({ taskId }: { taskId: string }) {
  const [steps, setSteps] = useState<StepOutcome[]>([]);
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [problem, setProblem] = useState<string | null>(null);
  async function verify() {
    setState('busy');
    setProblem(null);
    setSteps([]);
    try {
      // Schemas and signatures are heavy; who only reads needs neither.
      const [{ verifyTask }, { fetchChainSource }] = await Promise.all([
        import('#lib/kernel/task/verify-task.ts'),
        import('./fetch-chain-source.ts'),
      ]);
      for await (const step of verifyTask(taskId, fetchChainSource())) setSteps((before) => [...before, step]);
    } catch (error) {
      setProblem((error as Error).message);
    }
    setState('done');
  }
  const failed = firstDifference(steps);
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-4 print:hidden">
        <Button variant="primary" onClick={verify} disabled={state === 'busy'}>
          {state === 'busy' ? 'Checking…' : 'Verify in this browser'}
        </Button>
        <output aria-live="polite">
          {state === 'done' && !failed && !problem && <Status tone="good">Every link checked here holds</Status>}
          {failed && (
            <Status tone="bad" wrap>
              First difference: {failed.name}
            </Status>
          )}
          {problem && <Status tone="warn">{problem}</Status>}
        </output>
      </div>
      {steps.length > 0 && <VerificationSteps steps={steps} />}
    </div>
  );
}
