import type { Deps } from '#lib/platform/deps.ts';
import type { AheadAnswer } from './ahead-answers.ts';
import { type AnswerEvent, answerChat } from './answer-chat.ts';
import type { AnswerRequest } from './answer-request.ts';
import type { Caller } from './types.ts';

export type StartEvent = Extract<AnswerEvent, { type: 'start' }>;
/** What comes of one of the answers; `index` is its place in the request. */
export type ChoiceEvent = { index: number; event: Exclude<AnswerEvent, StartEvent> };
export type OpenAnswers = { starts: StartEvent[]; events: AsyncGenerator<ChoiceEvent> };

/**
 * The answers that one request asks for, side by side, each with its own price hold and receipt. Resolves when each has its
 * first token: if one of them is refused until then, all are, and nothing is charged. Later, one that breaks off ends the
 * others, which are charged for what they said until then. `events` must be run to its end.
 */
export async function openAnswers(
  deps: Deps,
  caller: Caller,
  input: {
    requests: readonly AnswerRequest[];
    idempotencyKey: string;
    signal: AbortSignal;
    /** The only answer of the request, begun before it was known who asks. */
    ahead?: AheadAnswer | null;
    settle?: (() => Promise<unknown>) | undefined;
  },
): Promise<OpenAnswers> {
  const { requests, idempotencyKey, settle } = input;
  const broken = new AbortController();
  const { signal } = broken; // AbortSignal.any would do, at half a millisecond an answer
  if (input.signal.aborted) broken.abort();
  else input.signal.addEventListener('abort', () => broken.abort(), { once: true });
  let isRefused = false;
  const answers = requests.map((request, i) =>
    answerChat(deps, caller, {
      ...{ request, signal, isVoid: () => isRefused },
      idempotencyKey: i === 0 ? idempotencyKey : `${idempotencyKey}#${i}`,
      ...(settle && { settle }),
      ...(i === 0 && input.ahead && { ahead: input.ahead }),
    }),
  );
  const firsts = await Promise.allSettled(answers.map((answer) => answer.next()));
  const refusal = firsts.find((first) => first.status === 'rejected');
  if (refusal) {
    isRefused = true;
    broken.abort();
    await Promise.allSettled(answers.map((answer) => answer.return(undefined)));
    throw refusal.reason;
  }
  const starts = firsts.flatMap((first) =>
    first.status === 'fulfilled' && !first.value.done && first.value.value.type === 'start' ? [first.value.value] : [],
  );
  if (starts.length < requests.length && !input.signal.aborted) throw new Error('an answer starts with a start event');
  return { starts, events: mergeAnswers(answers, broken) };
}

type Turn = { index: number; result: IteratorResult<AnswerEvent> };

/** Events of all answers as they come. */
async function* mergeAnswers(
  answers: readonly AsyncGenerator<AnswerEvent>[],
  broken: AbortController,
): AsyncGenerator<ChoiceEvent> {
  const next = async (index: number): Promise<Turn> => ({ index, result: await answers[index]!.next() });
  const turns = new Map(answers.map((_, index) => [index, next(index)]));
  try {
    while (turns.size > 0) {
      const { index, result } = await Promise.race(turns.values());
      if (result.done) turns.delete(index);
      else {
        turns.set(index, next(index));
        if (result.value.type !== 'start') yield { index, event: result.value };
      }
    }
  } finally {
    // Reached with turns left only when one broke off or nobody reads on: the others end here, charged for what they said.
    if (turns.size > 0) {
      broken.abort();
      await Promise.allSettled([...turns.keys()].map((index) => drain(answers[index]!)));
    }
  }
}

async function drain(answer: AsyncGenerator<AnswerEvent>): Promise<void> {
  for await (const _event of answer);
}
