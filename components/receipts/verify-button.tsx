'use client';

import { type ReactNode, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Progress } from '#components/ui/progress.tsx';
import { Status } from '#components/ui/status.tsx';
import { firstDifference, type StepOutcome } from '#lib/kernel/verification/step-outcome.ts';
import { VerificationSteps } from './verification-steps.tsx';

/** Tells how far a long step is, 0 to 1; null while that is unknown. */
export type OnProgress = (done: number | null) => void;

/**
 * Runs a verification in this browser and shows each step as it comes out, up to the first that differs. `verify` loads what it needs when it
 * is pressed: schemas and signatures are heavy, and who only reads needs neither. `open` stands below where a step could not be checked here,
 * `waiting` beside the bar of a step that takes long.
 */
export function VerifyButton(props: {
  verify: (onProgress: OnProgress) => Promise<AsyncIterable<StepOutcome>>;
  good: string;
  waiting?: string;
  open?: ReactNode;
}) {
  const [steps, setSteps] = useState<StepOutcome[]>([]);
  const [state, setState] = useState<'idle' | 'busy' | 'done'>('idle');
  const [problem, setProblem] = useState<string | null>(null);
  const [done, setDone] = useState<number | null>(null);
  async function verify() {
    setState('busy');
    setProblem(null);
    setSteps([]);
    try {
      for await (const step of await props.verify(setDone)) setSteps((before) => [...before, step]);
    } catch (error) {
      setProblem((error as Error).message);
    }
    setState('done');
  }
  const failed = firstDifference(steps);
  const isHeld = state === 'done' && !failed && !problem;
  return (
    <div className="flex flex-col gap-4">
      <div className="flex flex-wrap items-center gap-4 print:hidden">
        <Button variant="primary" onClick={verify} busy={state === 'busy'}>
          {state === 'busy' ? 'Checking…' : 'Verify in this browser'}
        </Button>
        <output aria-live="polite">
          {isHeld && <Status tone="good">{props.good}</Status>}
          {failed && (
            <Status tone="bad" wrap>
              First difference: {failed.name}
            </Status>
          )}
          {problem && <Status tone="warn">{problem}</Status>}
        </output>
      </div>
      {state === 'busy' && done !== null && <Progress value={done} label={props.waiting ?? 'Checking'} />}
      {steps.length > 0 && <VerificationSteps steps={steps} />}
      {isHeld && steps.some((step) => step.state === 'skipped') && props.open}
    </div>
  );
}
