'use client';

import { useCallback, useEffect, useRef, useState } from 'react';
import { serverSentData } from '#components/playground/server-sent-data.ts';

/** One question to one checkpoint. */
export type CheckpointAnswer = {
  key: string;
  step: number;
  question: string;
  text: string;
  status: 'waiting' | 'streaming' | 'done' | 'cut' | 'stopped' | 'failed';
  error: string | null;
};

type Update = { type: 'text'; text: string } | { type: 'done'; finishReason: string };
const kept = 20;
/** A little chance, which keeps a small model from repeating itself, and always the same, so that checkpoints can be compared. */
const sampling = { temperature: 0.3, seed: 1 };

/** Asks checkpoints of a run, one at a time; the newest answer is the first. */
export function useCheckpointAnswers(runId: string) {
  const [answers, setAnswers] = useState<CheckpointAnswer[]>([]);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const ask = useCallback(
    async (step: number, question: string) => {
      const controller = new AbortController();
      running.current = controller;
      const key = crypto.randomUUID();
      const change = (with_: (answer: CheckpointAnswer) => Partial<CheckpointAnswer>) =>
        setAnswers((now) => now.map((one) => (one.key === key ? { ...one, ...with_(one) } : one)));
      const asked: CheckpointAnswer = { key, step, question, text: '', status: 'waiting', error: null };
      setAnswers((now) => [asked, ...now].slice(0, kept));
      try {
        for await (const update of stream(runId, step, question, controller.signal))
          change(({ text }) =>
            update.type === 'text'
              ? { text: text + update.text, status: 'streaming' }
              : { status: update.finishReason === 'length' ? 'cut' : 'done' },
          );
      } catch (error) {
        change(() =>
          controller.signal.aborted
            ? { status: 'stopped' }
            : { status: 'failed', error: error instanceof Refusal ? error.message : offline },
        );
      }
    },
    [runId],
  );
  const stop = useCallback(() => running.current?.abort(), []);
  const isBusy = answers.some(({ status }) => status === 'waiting' || status === 'streaming');
  return { answers, ask, stop, isBusy };
}

const offline = 'The server could not be reached. Check your connection and ask again.';
/** What the server answered in place of words. */
class Refusal extends Error {}

async function* stream(runId: string, step: number, question: string, signal: AbortSignal): AsyncGenerator<Update> {
  const response = await fetch(`/runs/${runId}/ask`, {
    method: 'POST',
    signal,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ step, messages: [{ role: 'user', content: question }], ...sampling }),
  });
  if (!response.ok || !response.body) {
    const body = await response.json().catch(() => null);
    throw new Refusal(body?.error?.message ?? `The server answered ${response.status}.`);
  }
  for await (const data of serverSentData(response.body)) {
    const update = JSON.parse(data) as Update | { error: { message: string } };
    if ('error' in update) throw new Refusal(update.error.message);
    yield update;
  }
}
