'use client';

import { type FormEvent, useState } from 'react';
import { Badge } from '#components/ui/badge.tsx';
import { Button } from '#components/ui/button.tsx';
import { Field } from '#components/ui/field.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { bestMark, type CheckpointMark, keptMarks } from '#lib/kernel/checkpoint-marks.ts';
import type { RunProgress } from './fold-run-events.ts';
import { formatBytes } from './format.ts';
import { type CheckpointAnswer, useCheckpointAnswers } from './use-checkpoint-answers.ts';

type Props = { runId: string; progress: Pick<RunProgress, 'checkpoints' | 'adapterStep' | 'samples'> };

/** Asks what a run has learnt until a checkpoint of one's choice, also while it trains; the same question to several of them tells them apart. */
export function AskCheckpoint({ runId, progress: { checkpoints, adapterStep, samples } }: Props) {
  const { answers, ask, stop, isBusy } = useCheckpointAnswers(runId);
  const [chosen, setChosen] = useState<number | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const kept = keptMarks(checkpoints.marks);
  const best = bestMark(kept);
  const newest = kept.at(-1);
  if (!newest) return <p className="text-sm text-muted">The first checkpoint comes with the first measurement.</p>;
  const mark = kept.find(({ step }) => step === chosen) ?? best ?? newest;
  const question = typed ?? samples.at(-1)?.prompt ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (question.trim() && !isBusy) void ask(mark.step, question.trim());
  };
  const nameOf = (one: CheckpointMark) => {
    const marks = [one === best && 'best', one === newest && 'newest', one.step === adapterStep && 'the adapter'];
    const loss = one.heldOutLoss === null ? [] : [`loss ${one.heldOutLoss.toFixed(3)}`];
    return [`step ${one.step}`, ...loss, ...marks.filter(Boolean)].join(', ');
  };
  return (
    <div className="flex flex-col gap-4">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Checkpoint" hint={keptText(kept)}>
          {(control) => (
            <Select {...control} value={mark.step} onChange={(event) => setChosen(Number(event.target.value))}>
              {kept.toReversed().map((one) => (
                <option key={one.step} value={one.step}>
                  {nameOf(one)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Question to the checkpoint">
          {(control) => (
            <Textarea
              {...control}
              rows={2}
              maxLength={8_000}
              value={question}
              onChange={(event) => setTyped(event.target.value)}
            />
          )}
        </Field>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" busy={isBusy} disabled={!question.trim()}>
            Ask this checkpoint
          </Button>
          {isBusy && (
            <Button variant="quiet" onClick={stop}>
              Stop
            </Button>
          )}
          <p className="text-xs text-muted">
            Free, 500 answers a day with your private models. No receipt: nobody is paid.
          </p>
        </div>
      </form>
      {answers.length > 0 && (
        <ol aria-label="Answers of checkpoints" className="flex flex-col border-t border-hairline">
          {answers.map((answer) => (
            <Answer key={answer.key} answer={answer} isBest={answer.step === best?.step} />
          ))}
        </ol>
      )}
    </div>
  );
}

function Answer({ answer, isBest }: { answer: CheckpointAnswer; isBest: boolean }) {
  const { step, question, text, status, error } = answer;
  return (
    <li className="grid gap-x-6 gap-y-1 border-b border-hairline py-3 sm:grid-cols-[5rem_minmax(0,1fr)]">
      <div className="flex flex-wrap items-baseline gap-2 sm:flex-col sm:gap-1">
        <span className="label-small figures">step {step}</span>
        {isBest && <Badge>best</Badge>}
      </div>
      <div className="min-w-0 text-sm" aria-live="polite" aria-busy={status === 'waiting' || status === 'streaming'}>
        <p className="break-words text-muted">{question}</p>
        {text && <p className="mt-1 break-words whitespace-pre-wrap">{text}</p>}
        {error ? (
          <p role="alert" className="mt-1 text-bad">
            {error}
          </p>
        ) : (
          <p className="mt-1 text-xs text-muted">{notes[status](text)}</p>
        )}
      </div>
    </li>
  );
}

const notes: Record<CheckpointAnswer['status'], (text: string) => string | null> = {
  waiting: () => 'reading…',
  streaming: () => null,
  done: (text) => (text ? null : '(an empty answer)'),
  cut: () => 'Cut at 120 tokens.',
  stopped: () => 'Stopped.',
  failed: () => null,
};

function keptText(kept: readonly CheckpointMark[]): string {
  const bytes = kept.reduce((sum, one) => sum + (one.bytes ?? 0), 0);
  const size = kept.every((one) => one.bytes !== null) ? `, ${formatBytes(bytes)}` : '';
  return `${kept.length} kept${size}: the newest, the best, and some in between.`;
}
