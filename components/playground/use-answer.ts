'use client';

import { useCallback, useRef, useState } from 'react';
import type { VoucherInput } from '#lib/serving/schema.ts';
import { AnswerError, type AnswerRequest, streamAnswer } from './stream-answer.ts';

export type AnswerState = {
  /** Who was asked and what; empty before. */
  model: string;
  question: string;
  status: 'idle' | 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed';
  text: string;
  receiptId: string | null;
  ceilingWei: bigint | null;
  /** Ids of the rows in the prompt; null: none were asked for. */
  rowsRead: string[] | null;
  feeWei: bigint | null;
  error: { message: string; code: string; facts: Record<string, string> } | null;
};
const idle: AnswerState = {
  ...{ model: '', question: '', status: 'idle', text: '', error: null },
  ...{ receiptId: null, ceilingWei: null, rowsRead: null, feeWei: null },
};

export type AskInput = Omit<AnswerRequest, 'messages' | 'idempotencyKey'> & { prompt: string; system: string };
type SignVoucher = (channelId: `0x${string}`, requiredWei: bigint) => Promise<VoucherInput>;

/** One question at a time: `ask` streams an answer, `stop` ends it (what was written until then is charged). */
export function useAnswer(signVoucher: SignVoucher | null) {
  const [state, setState] = useState<AnswerState>(idle);
  const running = useRef<AbortController | null>(null);

  const ask = useCallback(
    async (input: AskInput) => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setState({ ...idle, model: input.model, question: input.prompt, status: 'waiting' });
      const messages = [
        ...(input.system.trim() ? [{ role: 'system' as const, content: input.system }] : []),
        { role: 'user' as const, content: input.prompt },
      ];
      try {
        const request = { ...input, messages, idempotencyKey: crypto.randomUUID() };
        for await (const update of streamAnswer(request, controller.signal, signVoucher)) {
          setState((now) => {
            if (update.type === 'start') {
              const { receiptId, ceilingWei, rowsRead } = update;
              return { ...now, status: 'streaming', receiptId, ceilingWei, rowsRead };
            }
            if (update.type === 'text') return { ...now, text: now.text + update.text };
            return { ...now, status: 'done', feeWei: update.feeWei };
          });
        }
      } catch (error) {
        if (controller.signal.aborted) {
          setState((now) => ({ ...now, status: 'stopped' }));
          return;
        }
        const known = error instanceof AnswerError ? error : new AnswerError(String(error), 'unknown', {});
        setState((now) => ({
          ...now,
          status: 'failed',
          error: { message: known.message, code: known.code, facts: known.facts },
        }));
      }
    },
    [signVoucher],
  );
  const stop = useCallback(() => running.current?.abort(), []);
  return { state, ask, stop };
}
