'use client';

import { Button } from '#components/ui/button.tsx';
import { Status } from '#components/ui/status.tsx';
import type { CounterfactualResult } from '#lib/counterfactuals/types.ts';
import type { Issued } from './sources-of.ts';
import type { Switches } from './use-switches.ts';
import { useWithout } from './use-without.ts';

/** What the model says without the sources that are left out: computed on demand, with what it is and what it is not. */
export function WithoutAnswer({ issued, switches }: { issued: Issued; switches: Switches }) {
  const { without, ask } = useWithout(issued.receiptId, switches.off);
  return (
    <section aria-label="The answer without them" className="border-l-2 border-border pl-4">
      <h3 className="title-small mb-1">The answer without them</h3>
      {without.state === 'idle' && (
        <div className="flex flex-wrap items-center gap-3 text-sm text-muted">
          <p className="prose-measure text-sm">
            {switches.off.all
              ? 'Without any row there is no training: the base model answers alone. That takes seconds.'
              : 'The model is trained again without these rows, and what it had read is not read: no estimate, for a small model about as long as its training took.'}
          </p>
          <Button onClick={ask}>Answer again without them</Button>
        </div>
      )}
      <div aria-live="polite">
        {without.state === 'computing' && (
          <Status tone="info" live wrap>
            {switches.off.all
              ? 'The base model answers…'
              : 'Training again without them, then answering… You can go on reading.'}
          </Status>
        )}
        {without.state === 'refused' && <Problem message={without.message} onAgain={ask} />}
        {without.state === 'known' && without.found.error && <Problem message={without.found.error} onAgain={ask} />}
        {without.state === 'known' && without.found.result && <Compared result={without.found.result} />}
      </div>
    </section>
  );
}

function Problem({ message, onAgain }: { message: string; onAgain: () => void }) {
  return (
    <p className="flex flex-wrap items-center gap-3 text-sm">
      <Status tone="warn" wrap>
        {message}
      </Status>
      <Button size="sm" onClick={onAgain}>
        Try again
      </Button>
    </p>
  );
}

function Compared({ result }: { result: CounterfactualResult }) {
  const { before, after, beforeMicroNats, afterMicroNats, estimatedMicroNats } = result;
  return (
    <div className="flex flex-col gap-3 text-sm" data-without={result.method}>
      <p className="text-muted">{howText(result)} Both at temperature 0, so that nothing but the sources differs.</p>
      <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
        <Said title="With all sources" text={before} />
        <Said title="Without them" text={after} />
      </div>
      <p>
        {before === after ? 'It says the same. ' : ''}The answer that you got is{' '}
        {timesText(afterMicroNats - beforeMicroNats)} without them: measured.
        {estimatedMicroNats !== null && (
          <span className="text-muted"> Influence had estimated: {timesText(estimatedMicroNats)}.</span>
        )}
      </p>
    </div>
  );
}

function Said({ title, text }: { title: string; text: string }) {
  return (
    <div>
      <h4 className="label-small">{title}</h4>
      <p className="whitespace-pre-wrap">{text.trim() === '' ? <em className="text-muted">nothing</em> : text}</p>
    </div>
  );
}

/** By which means the sources were taken away. */
function howText({ method, rowsLeftOut, rowsNotRead, limit }: CounterfactualResult): string {
  const read = rowsNotRead > 0 ? ` ${rowsText(rowsNotRead)} not read.` : '';
  if (method === 'base') return 'The base model alone, as it was before any row.';
  if (method === 'retrained')
    return `Really trained again without ${rowsLeftOut === 1 ? '1 row' : `${rowsLeftOut} rows`}, from the same start, in the same order.${read}`;
  return `${rowsText(rowsNotRead)} not read; the training stays as it was.${limit ? ` ${limit}` : ''}`;
}

const rowsText = (rows: number) => (rows === 1 ? '1 row was' : `${rows} rows were`);

/** A change of log likelihood in words: by what factor the answer is likelier or less likely. */
function timesText(microNats: number): string {
  const nats = microNats / 1e6;
  const times = Math.exp(Math.abs(nats));
  if (times < 1.005) return 'as likely as before';
  const factor = times >= 1_000 ? 'more than a thousand' : times.toFixed(times < 10 ? 2 : 0);
  return `${factor} times ${nats < 0 ? 'less likely' : 'likelier'}`;
}
