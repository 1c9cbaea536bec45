'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import type { RatedAnswer } from '#lib/feedback/types.ts';
import { postJson } from './post-json.ts';

const CorrectionForm = dynamic(() => import('./correction-form.tsx').then((file) => file.CorrectionForm));

/** Good or not; and whoever knows better can offer the answer as it should be as a row, which then earns for them. */
export function AnswerFeedback({
  receiptId,
  question,
  answer,
}: {
  receiptId: string;
  question: string;
  answer: string;
}) {
  const [rated, setRated] = useState<RatedAnswer | null>(null);
  const [writes, setWrites] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  async function rate(verdict: 'good' | 'bad') {
    const reply = await postJson<RatedAnswer>(`/api/v1/receipts/${receiptId}/feedback`, { verdict });
    setProblem(reply.ok ? null : reply.message);
    if (reply.ok) setRated(reply.data);
  }
  return (
    <section aria-label="Your opinion of the answer" className="flex flex-col gap-3 text-sm">
      <div className="flex flex-wrap items-center gap-2">
        <Button size="sm" aria-pressed={rated?.verdict === 'good'} onClick={() => rate('good')}>
          Good answer
        </Button>
        <Button size="sm" aria-pressed={rated?.verdict === 'bad'} onClick={() => rate('bad')}>
          Not good
        </Button>
        {rated?.place && !writes && (
          <Button size="sm" onClick={() => setWrites(true)}>
            Write it as it should be
          </Button>
        )}
        <output aria-live="polite" className="text-muted">
          {problem}
          {rated &&
            !writes &&
            (rated.place ? 'Noted. A better answer can become a row that earns.' : 'Noted, thank you.')}
        </output>
      </div>
      {rated?.place && writes && <CorrectionForm {...{ receiptId, question, answer }} place={rated.place} />}
    </section>
  );
}
