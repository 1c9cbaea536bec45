'use client';

import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useState } from 'react';
import { AnswerFailure } from '#components/playground/answer-failure.tsx';
import { useAnswer } from '#components/playground/use-answer.ts';
import { useVoucherSigner } from '#components/playground/use-voucher-signer.ts';
import { Button } from '#components/ui/button.tsx';
import { Icon } from '#components/ui/icon.tsx';
import { Select } from '#components/ui/select.tsx';
import type { PlaygroundModelRow } from '#lib/serving/playground-models.ts';

const loadPanel = () => import('#components/playground/answer-panel.tsx').then((module) => module.AnswerPanel);
/** Comes while the question is being typed: before it, nobody needs what draws an answer. */
const AnswerPanel = dynamic(loadPanel);

/** The prompt box of the home page: answers without a wallet and draws the threads to the people behind the answer. */
export function AskBox({
  models,
  protocolFeeBps,
  freePerDay,
}: {
  models: PlaygroundModelRow[];
  protocolFeeBps: number;
  freePerDay: number;
}) {
  const router = useRouter();
  const [model, setModel] = useState(models[0]?.slug ?? '');
  const [prompt, setPrompt] = useState('');
  const { state, ask, stop } = useAnswer(useVoucherSigner());
  const busy = state.status === 'waiting' || state.status === 'streaming';
  const chosen = models.find((one) => one.slug === model);

  // The answer becomes a line of the ledger below.
  useEffect(() => {
    if (state.status === 'done') router.refresh();
  }, [state.status, router]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (prompt.trim() && !busy) void ask({ model, prompt, system: '', maxTokens: 80, temperature: 0.3, rows: 0 });
  };

  return (
    <div className="flex flex-col gap-6">
      <form onSubmit={submit} className="rounded-md border border-border bg-raised focus-within:border-ink">
        <label htmlFor="ask" className="sr-only">
          Your question
        </label>
        <textarea
          id="ask"
          rows={2}
          value={prompt}
          onFocus={() => void loadPanel()}
          onChange={(event) => setPrompt(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) submit(event);
          }}
          placeholder={chosen?.examplePrompts[0] ?? 'Ask in your own words'}
          className="block w-full resize-none bg-transparent px-4 pt-4 pb-2 text-lg placeholder:text-faint focus-visible:outline-none"
        />
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2 px-3 pb-3">
          <div className="w-56 max-w-full">
            <Select
              aria-label="Model"
              value={model}
              onChange={(event) => setModel(event.target.value)}
              className="h-8 border-transparent bg-transparent pl-1 text-sm text-muted hover:border-border"
            >
              {models.map((one) => (
                <option key={one.slug} value={one.slug}>
                  {one.name}
                </option>
              ))}
            </Select>
          </div>
          <p className="basis-full text-xs text-muted sm:ml-auto sm:basis-auto">
            No wallet needed: {freePerDay} answers a day are free.
          </p>
          {busy ? (
            <Button size="md" onClick={stop}>
              <Icon name="stop" className="size-3.5" /> Stop
            </Button>
          ) : (
            <Button type="submit" variant="primary" disabled={!prompt.trim()}>
              Ask <Icon name="arrow-up" className="size-4" />
            </Button>
          )}
        </div>
      </form>
      {state.status === 'idle' && chosen && chosen.examplePrompts.length > 0 && (
        <ul aria-label="Questions to start from" className="-mt-2 flex flex-wrap gap-x-6 gap-y-1">
          {chosen.examplePrompts.map((example) => (
            <li key={example} className="max-w-full">
              <button
                type="button"
                onClick={() => setPrompt(example)}
                className="link max-w-full truncate py-1 text-left text-sm text-muted hover:text-ink"
              >
                {example}
              </button>
            </li>
          ))}
        </ul>
      )}
      {state.error && <AnswerFailure error={state.error} />}
      {state.status !== 'idle' && (state.text !== '' || !state.error) && (
        <AnswerPanel answer={state} protocolFeeBps={protocolFeeBps} />
      )}
    </div>
  );
}
