import type { AnswerState } from './use-answer.ts';
import type { Quote } from './use-quote.ts';

/**
 * Whether an answer that was refused says already what the price would: who asks faster than the price comes would read it twice. Of
 * another question, or another model, the price's refusal is news.
 */
export function isSaidBelow(
  quote: Quote,
  asked: { model: string; prompt: string },
  answer: Pick<AnswerState, 'model' | 'question' | 'error'>,
): boolean {
  const isSame = answer.model === asked.model && answer.question === asked.prompt;
  return quote.state === 'refused' && isSame && answer.error?.code === quote.code;
}
