'use client';

import { type FormEvent, useState } from 'react';
import { Button } from '#components/ui/button.tsx';
import { Checkbox } from '#components/ui/checkbox.tsx';
import { Field } from '#components/ui/field.tsx';
import { Textarea } from '#components/ui/textarea.tsx';
import { AnswerFailure } from './answer-failure.tsx';
import { AnswerPanel } from './answer-panel.tsx';
import { ModelSelect, type PlaygroundModel } from './model-select.tsx';
import { Price } from './price.tsx';
import { isSaidBelow } from './said-below.ts';
import { defaultSampling, SamplingFields } from './sampling-fields.tsx';
import { type AnswerState, useAnswer } from './use-answer.ts';
import { useQuote } from './use-quote.ts';
import { useVoucherSigner } from './use-voucher-signer.ts';

/** Rows that a model reads where it is allowed to; a small base has room for no more in its context. */
const rowsToRead = 2;

/** Ask a model, or two at once; see the price before, the answers as they are written, then their sources and receipts. */
export function Playground(props: {
  models: PlaygroundModel[];
  initialModel: string;
  protocolFeeBps: number;
  /** A deposit exists, so answers are paid; otherwise they come from the free quota. */
  pays: boolean;
  freePerDay: number;
}) {
  const { models, pays, freePerDay, protocolFeeBps } = props;
  const [model, setModel] = useState(props.initialModel);
  const [other, setOther] = useState('');
  const [prompt, setPrompt] = useState('');
  const [askedOther, setAskedOther] = useState('');
  const [sampling, setSampling] = useState(defaultSampling);
  const [reads, setReads] = useState(false);
  const rows = reads ? rowsToRead : 0;
  const sign = useVoucherSigner();
  const [first, second] = [useAnswer(sign), useAnswer(sign)];
  const { system, maxTokens, seed, ...chances } = sampling;
  const quote = useQuote({ model, prompt, system, maxTokens, rows });
  const otherQuote = useQuote({ model: other, prompt, system, maxTokens, rows });
  const busy = isBusy(first.state) || isBusy(second.state);
  const chosen = models.find((one) => one.slug === model);
  const nameOf = (slug: string) => models.find((one) => one.slug === slug)?.name;
  const refused = quote.state === 'refused' || (other !== '' && otherQuote.state === 'refused');

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!prompt.trim() || busy) return;
    const request = { prompt, system, maxTokens, ...chances, rows, ...(seed !== null && { seed }) };
    setAskedOther(other);
    void first.ask({ ...request, model });
    if (other) void second.ask({ ...request, model: other });
  }

  return (
    <div className="flex flex-col gap-8">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <div className="grid grid-cols-1 gap-4 md:grid-cols-2">
          <ModelSelect label="Model" models={models} value={model} onChange={setModel} />
          {models.length > 1 && (
            <ModelSelect label="Beside it" none="No other model" models={models} value={other} onChange={setOther} />
          )}
        </div>
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
        {prompt === '' && chosen && <Examples prompts={chosen.examplePrompts} onChoose={setPrompt} />}
        <Checkbox
          label="Let the model read rows of the Datanet"
          hint="Rows with the words of your question stand before it. You pay for their tokens; who wrote them earns for what they helped."
          checked={reads}
          onChange={(event) => setReads(event.target.checked)}
        />
        <SamplingFields value={sampling} onChange={setSampling} />
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" variant="primary" disabled={busy || !prompt.trim() || refused}>
            Ask
          </Button>
          <Button
            disabled={!busy}
            onClick={() => {
              first.stop();
              second.stop();
            }}
          >
            Stop
          </Button>
          <div className="flex flex-col">
            {(quote.state !== 'none' || chosen?.mayAsk !== false) &&
              !isSaidBelow(quote, { model, prompt }, first.state) && (
                <Price quote={quote} pays={pays} freePerDay={freePerDay} of={other && nameOf(model)} />
              )}
            {other &&
              otherQuote.state !== 'none' &&
              !isSaidBelow(otherQuote, { model: other, prompt }, second.state) && (
                <Price quote={otherQuote} pays={pays} freePerDay={freePerDay} of={nameOf(other)} />
              )}
          </div>
        </div>
      </form>
      {askedOther === '' ? (
        <Answered state={first.state} protocolFeeBps={protocolFeeBps} />
      ) : (
        <div className="grid grid-cols-1 gap-10 lg:grid-cols-2">
          {[first, second].map(({ state }, i) => (
            <div key={i === 0 ? 'first' : 'second'} className="flex min-w-0 flex-col gap-4">
              <Answered state={state} protocolFeeBps={protocolFeeBps} isOneOfTwo />
            </div>
          ))}
        </div>
      )}
    </div>
  );
}

const isBusy = ({ status }: AnswerState) => status === 'waiting' || status === 'streaming';

function Answered(props: { state: AnswerState; protocolFeeBps: number; isOneOfTwo?: boolean }) {
  const { state, protocolFeeBps, isOneOfTwo = false } = props;
  return (
    <>
      {isOneOfTwo && state.model && <h2 className="title-section">{state.model}</h2>}
      {state.error && <AnswerFailure error={state.error} />}
      {state.status !== 'idle' && (state.text !== '' || !state.error) && (
        <AnswerPanel answer={state} protocolFeeBps={protocolFeeBps} narrow={isOneOfTwo} />
      )}
    </>
  );
}

function Examples({ prompts, onChoose }: { prompts: string[]; onChoose: (prompt: string) => void }) {
  if (prompts.length === 0) return null;
  return (
    <fieldset className="flex flex-wrap gap-2">
      <legend className="label-small mb-1">Questions to start from</legend>
      {prompts.map((example) => (
        <Button
          key={example}
          variant="quiet"
          size="sm"
          className="h-auto min-h-7 max-w-full py-1 text-left whitespace-normal"
          onClick={() => onChoose(example)}
        >
          {example}
        </Button>
      ))}
    </fieldset>
  );
}
