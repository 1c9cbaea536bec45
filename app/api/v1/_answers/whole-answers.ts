import type { OpenAnswers } from '#lib/serving/open-answers.ts';
import { type AnswerShape, openledger, usage, type WholeAnswer } from './answer-shape.ts';

/** Collects the answers of a request into OpenAI's object. */
export async function wholeAnswers({ starts, events }: OpenAnswers, shape: AnswerShape) {
  const answers: (Omit<WholeAnswer, 'done'> & Partial<WholeAnswer>)[] = starts.map((start) => ({ start, text: '' }));
  for await (const { index, event } of events) {
    const answer = answers[index]!;
    if (event.type === 'done') answer.done = event;
    else {
      answer.text += event.text;
      if (event.tokens) answer.tokens = [...(answer.tokens ?? []), ...event.tokens];
    }
  }
  const whole = answers.map(({ done, ...answer }): WholeAnswer => {
    if (!done) throw new Error('an answer ends with a done event');
    return { ...answer, done };
  });
  const dones = whole.map(({ done }) => done);
  return {
    id: starts[0]!.inferenceId,
    object: shape.object,
    created: Math.floor(Date.now() / 1000),
    model: starts[0]!.modelSlug,
    choices: whole.map((answer, index) => shape.whole(index, answer)),
    usage: usage(dones),
    openledger: openledger(starts, dones),
  };
}
