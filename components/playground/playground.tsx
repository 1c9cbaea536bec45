'use client';

import { type FormEvent, useState } from 'react';
import { Amount } from '#components/ui/amount.tsx';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Input } from '#components/ui/input.tsx';
import { Select } from '#components/ui/select.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { AnswerFailure } from './answer-failure.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import { useAnswer } from './use-answer.ts';
import { type Quote, useQuote } from './use-quote.ts';
import { useVoucherSigner } from './use-voucher-signer.ts';

/** Rows that a model reads where it is allowed to; a small base has room for no more in its context. */
const rowsToRead = 2;

export type PlaygroundModel = { slug: string; name: string; summary: string; examplePrompts: string[] };

/** Ask a model; see the price before, the answer as it is written, then its sources and the receipt. */
export function Playground(props: {
  models: PlaygroundModel[];
  initialModel: string;
  protocolFeeBps: number;
  /** A deposit exists, so answers are paid; otherwise they come from the free quota. */
  pays: boolean;
  freePerDay: number;
}) {
  const [model, setModel] = useState(props.initialModel);
  const [prompt, setPrompt] = useState('');
  const [system, setSystem] = useState('');
  const [maxTokens, setMaxTokens] = useState(80);
  const [temperature, setTemperature] = useState(0.3);
  const [reads, setReads] = useState(false);
  const rows = reads ? rowsToRead : 0;
  const { state, ask, stop } = useAnswer(useVoucherSigner());
  const quote = useQuote({ model, prompt, system, maxTokens, rows });
  const busy = state.status === 'waiting' || state.status === 'streaming';
  const chosen = props.models.find((one) => one.slug === model);

  function submit(event: FormEvent) {
    event.preventDefault();
    if (prompt.trim() && !busy) void ask({ model, prompt, system, maxTokens, temperature, rows });
  }

  return (
    <div className="flex flex-col gap-8">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Model" hint={chosen?.summary}>
          {(control) => (
            <Select {...control} value={model} onChange={(event) => setModel(event.target.value)}>
              {props.models.map((one) => (
                <option key={one.slug} value={one.slug}>
                  {one.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Question">
          {(control) => (
            <Textarea
              {...control}
              rows={3}
              value={prompt}
              onChange={(event) => setPrompt(event.target.value)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) submit(event);
              }}
              placeholder="Ask in your own words"
            />
          )}
        </Field>
        {prompt === '' && chosen && chosen.examplePrompts.length > 0 && (
          <fieldset className="flex flex-wrap gap-2">
            <legend className="label-small mb-1">Questions to start from</legend>
            {chosen.examplePrompts.map((example) => (
              <Button
                key={example}
                variant="quiet"
                size="sm"
                className="h-auto min-h-7 max-w-full py-1 text-left whitespace-normal"
                onClick={() => setPrompt(example)}
              >
                {example}
              </Button>
            ))}
          </fieldset>
        )}
        <Checkbox
          label="Let the model read rows of the Datanet"
          hint="Rows with the words of your question stand before it. You pay for their tokens; who wrote them earns for what they helped."
          checked={reads}
          onChange={(event) => setReads(event.target.checked)}
        />
        <details className="text-sm">
          <summary className="cursor-pointer text-muted">System prompt and sampling</summary>
          <div className="mt-3 grid grid-cols-1 gap-4 md:grid-cols-[1fr_8rem_8rem]">
            <Field label="System prompt" required={false}>
              {(control) => <Input {...control} value={system} onChange={(event) => setSystem(event.target.value)} />}
            </Field>
            <Field label="Longest answer" hint="tokens">
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={1}
                  max={200}
                  value={maxTokens}
                  onChange={(event) => setMaxTokens(Math.min(200, Math.max(1, Number(event.target.value) || 1)))}
                />
              )}
            </Field>
            <Field label="Temperature" hint="0 is always the same">
              {(control) => (
                <Input
                  {...control}
                  type="number"
                  min={0}
                  max={2}
                  step={0.1}
                  value={temperature}
                  onChange={(event) => setTemperature(Math.min(2, Math.max(0, Number(event.target.value) || 0)))}
                />
              )}
            </Field>
          </div>
        </details>
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" variant="primary" disabled={busy || !prompt.trim() || quote.state === 'refused'}>
            Ask
          </Button>
          <Button onClick={stop} disabled={!busy}>
            Stop
          </Button>
          <Price quote={quote} pays={props.pays} freePerDay={props.freePerDay} />
        </div>
      </form>
      {state.error && <AnswerFailure error={state.error} />}
      {state.status !== 'idle' && (state.text !== '' || !state.error) && (
        <AnswerPanel answer={state} protocolFeeBps={props.protocolFeeBps} />
      )}
    </div>
  );
}

function Price({ quote, pays, freePerDay }: { quote: Quote; pays: boolean; freePerDay: number }) {
  return (
    <output className="text-sm text-muted" aria-live="polite">
      {quote.state === 'none' &&
        (pays ? 'The price stands here before you ask.' : `Free: ${freePerDay} answers a day without a deposit.`)}
      {quote.state === 'counting' && 'Counting tokens…'}
      {quote.state === 'refused' && <span className="text-bad">{quote.message}</span>}
      {quote.state === 'ready' && quote.rowsRead !== null && `${rowsReadText(quote.rowsRead)} `}
      {quote.state === 'ready' && !pays && (
        <>
          Free for you today; with a deposit it would cost at most <Amount wei={quote.ceilingWei} digits={6} />.
        </>
      )}
      {quote.state === 'ready' && pays && (
        <>
          At most <Amount wei={quote.ceilingWei} digits={6} className="text-ink" /> for {quote.promptTokens} tokens in
          and up to {quote.maxTokens} out.
        </>
      )}
    </output>
  );
}

function rowsReadText(rows: number): string {
  if (rows === 0) return 'No row has the words of your question, or none fits.';
  return rows === 1 ? 'Reads 1 row.' : `Reads ${rows} rows.`;
}
