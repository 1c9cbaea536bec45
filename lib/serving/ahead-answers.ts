import { isDeepStrictEqual } from 'node:util';
import { hashToken } from '#lib/platform/auth/hash-token.ts';
import type { Deps } from '#lib/platform/deps.ts';
import type { AnswerRequest } from './answer-request.ts';
import { type OpenAnswer, openAnswer, type ServeRequest } from './serve-client.ts';
import { serveRequestOf } from './serve-request.ts';

/** Whom the serve process was asked for, when a key had its last answer. */
type Asked = { model: string; adapterId: string; queueCaller: string };

export type AheadAnswer = {
  /** The answer that this request would open, when it is the one that was begun; null: another was. Taken once. */
  take(asked: ServeRequest, signal: AbortSignal): Promise<OpenAnswer> | null;
  /** Ends it, unless it was taken. */
  cancel(): void;
};

const keptMs = 60_000;
const keysMax = 10_000;

/**
 * Lets the model begin to read while the database is still asked whether the key may: two round trips that the first token need not
 * wait for. Only for a key that had an answer of the same model within a minute. Nothing of it leaves before everything that an answer
 * needs was asked and its price is held, in the same order as ever (answer-chat.ts): then it is used if the request to the serve
 * process would be the same to the letter, and ended otherwise. A key that was refused is not trusted again before its next
 * answer, so refusals cost the model what was sent before the first of them.
 */
export class AheadAnswers {
  private readonly asked = new Map<string, Asked & { untilMs: number }>();
  private readonly nowMs: () => number;

  constructor(nowMs: () => number) {
    this.nowMs = nowMs;
  }

  /** Whether something may be begun for who sends this key. */
  knows(key: string): boolean {
    return (this.asked.get(hashToken(key))?.untilMs ?? 0) > this.nowMs();
  }

  remember(key: string, asked: Asked): void {
    const hash = hashToken(key);
    this.asked.delete(hash); // the oldest stands first
    this.asked.set(hash, { ...asked, untilMs: this.nowMs() + keptMs });
    if (this.asked.size > keysMax) this.asked.delete(this.asked.keys().next().value!);
  }

  /** Null where it cannot be known what the model will be asked: several answers, rows to be read, another model than before. */
  begin(deps: Pick<Deps, 'env'>, key: string, requests: readonly AnswerRequest[]): AheadAnswer | null {
    const hash = hashToken(key);
    const before = this.asked.get(hash);
    const [request] = requests;
    if (!before || !request || requests.length > 1 || request.retrieval || request.model !== before.model) return null;
    const begun = serveRequestOf(request, before);
    const gone = new AbortController();
    const opening = openAnswer(deps, begun, gone.signal);
    opening.catch(() => {}); // whoever takes it is told
    let isTaken = false;
    const cancel = () => {
      if (isTaken) return;
      gone.abort();
      this.asked.delete(hash);
    };
    return {
      cancel,
      take: (asked, signal) => {
        if (isTaken || signal.aborted || !isDeepStrictEqual(asked, begun)) return null;
        isTaken = true;
        signal.addEventListener('abort', () => gone.abort(), { once: true });
        return opening;
      },
    };
  }
}
