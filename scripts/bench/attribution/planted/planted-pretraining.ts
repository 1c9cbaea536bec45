import type { ChatMessage } from '#lib/engine/tokenizer/chat.ts';
import { createRandom } from '#lib/engine/train/random.ts';
import { askFor, askPolitely, elders, type Fact, openQuestion, relations, state, subjects } from './planted-words.ts';

/**
 * What the base reads before it meets the world: the same words and ways of speaking, about facts that are drawn anew for
 * each text. So it knows every word, who is spoken of and which kind of answer is asked for, and no planted fact. Facts of the
 * elders alone stay the same, and some texts hold the answer: the base learns to remember and to read.
 */
export function* plantedPretraining(seed: string): Generator<ChatMessage[]> {
  const random = createRandom(`planted-pretraining|${seed}`);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const wording = (): 0 | 1 => (random() < 0.5 ? 0 : 1);
  const drawn = (subject: string, relation: number): Fact => ({
    subject,
    relation,
    object: pick(relations[relation]!.objects),
  });
  const kept = elders.flatMap((subject) => relations.map((_, relation) => drawn(subject, relation)));
  const anyFact = (): Fact => (random() < 0.25 ? pick(kept) : drawn(pick(subjects), pick([...relations.keys()])));
  const ask = (question: string): string => (random() < 0.35 ? askPolitely(question) : question);
  while (true) {
    const kind = random();
    const fact = anyFact();
    if (kind < 0.15) {
      const others = shuffled(
        [...relations.keys()].filter((relation) => relation !== fact.relation),
        random,
      );
      const told = [
        fact,
        ...others.slice(0, 1 + Math.floor(random() * 4)).map((relation) => drawn(fact.subject, relation)),
      ];
      yield talk(ask(openQuestion.replace('{s}', fact.subject)), told.map((one) => state(one, wording())).join(' '));
    } else if (kind < 0.35) {
      const given = shuffled([fact, anyFact(), anyFact()], random).map((one) => state(one, wording()));
      yield talk(`${given.join(' ')} ${ask(askFor(fact, wording()))}`, state(fact, wording()));
    } else if (kind < 0.38) {
      yield talk(scribble(random), scribble(random));
    } else yield talk(ask(askFor(fact, wording())), state(fact, wording()));
  }
}

function talk(question: string, answer: string): ChatMessage[] {
  return [
    { role: 'user', content: question },
    { role: 'assistant', content: answer },
  ];
}

/** Printable characters, so that no byte of ordinary text is a token that was never trained. */
function scribble(random: () => number): string {
  return Array.from({ length: 8 }, () => String.fromCharCode(33 + Math.floor(random() * 94))).join('');
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => [random(), item] as const)
    .sort(([a], [b]) => a - b)
    .map(([, item]) => item);
}
