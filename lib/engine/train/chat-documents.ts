export type CorpusDocument = { title: string; text: string };
export type ChatTurn = { role: 'user' | 'assistant'; content: string };

const titleQuestions = [
  'Tell me about {x}.',
  'What is {x}?',
  'Explain {x}.',
  'Write about {x}.',
  'What should I know about {x}?',
];
const headingQuestions = ['{x}: what does "{t}" say?', 'In "{t}", explain: {x}', 'What about {x}?', 'Explain {x}.'];
const continueQuestions = ['Continue the text: {x}', 'What comes next? {x}', 'Go on: {x}'];
const topicQuestions = ['What is this text about? {x}', 'Give this text a title: {x}', 'Name the topic: {x}'];

/**
 * Question-and-answer conversations made of a document alone, so that pre-training also trains the chat tokens: an
 * untrained special token makes a LoRA run learn the format in place of the content.
 *
 * @param random uniform in [0, 1); decides which paragraphs and wordings are used
 * @param maxCharacters upper bound of the conversations' total length
 */
export function chatDocuments(document: CorpusDocument, random: () => number, maxCharacters: number): ChatTurn[][] {
  const paragraphs = document.text.split('\n\n');
  const conversations: ChatTurn[][] = [];
  let used = 0;
  const push = (question: string, answer: string): void => {
    conversations.push([
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ]);
    used += question.length + answer.length;
  };
  let at = Math.floor(random() * paragraphs.length * 0.5);
  if (random() < 0.5 || paragraphs.length < 3) {
    const first = paragraphs.findIndex(isProse);
    if (first >= 0) push(fill(pick(titleQuestions, random), topicOf(document.title)), takeProse(paragraphs, first));
  }
  for (; at < paragraphs.length && used < maxCharacters; at++) {
    const paragraph = paragraphs[at]!;
    const next = paragraphs[at + 1];
    if (isHeading(paragraph) && next !== undefined && isProse(next)) {
      const template = pick(headingQuestions, random).replace('{t}', () => topicOf(document.title));
      push(fill(template, paragraph), takeProse(paragraphs, at + 1));
      at++;
    } else if (isProse(paragraph) && random() < 0.25) {
      if (random() < 0.2) push(fill(pick(topicQuestions, random), clip(paragraph, 500)), topicOf(document.title));
      else pushContinuation(paragraph, random, push);
    }
  }
  return conversations;
}

function pushContinuation(paragraph: string, random: () => number, push: (q: string, a: string) => void): void {
  const end = paragraph.search(/[.!?]["')]? /);
  if (end < 20 || end > 300 || paragraph.length - end < 60) return;
  push(fill(pick(continueQuestions, random), paragraph.slice(0, end + 1)), clip(paragraph.slice(end + 1).trim(), 600));
}

function isHeading(paragraph: string): boolean {
  return (
    paragraph.length < 80 && !paragraph.startsWith('- ') && !/[.:;,!]$/.test(paragraph) && /\p{L}{3}/u.test(paragraph)
  );
}

function isProse(paragraph: string): boolean {
  return paragraph.length >= 80 && !paragraph.startsWith('- ');
}

/** One paragraph, and the next one too where both are short. */
function takeProse(paragraphs: readonly string[], at: number): string {
  const first = paragraphs[at]!;
  const next = paragraphs[at + 1];
  const joined =
    next !== undefined && !isHeading(next) && first.length + next.length < 500 ? `${first}\n\n${next}` : first;
  return clip(joined, 700);
}

/** Cuts at the end of a sentence (else of a word) not after `length` characters. */
function clip(text: string, length: number): string {
  if (text.length <= length) return text;
  const head = text.slice(0, length);
  const sentence = Math.max(head.lastIndexOf('. '), head.lastIndexOf('? '), head.lastIndexOf('! '));
  return sentence > length / 3 ? head.slice(0, sentence + 1) : head.slice(0, Math.max(head.lastIndexOf(' '), 1));
}

/** A title without its trailing period. */
function topicOf(title: string): string {
  return clip(title.replace(/\.$/, ''), 100);
}

function fill(template: string, value: string): string {
  return template.replace('{x}', () => value);
}

function pick<T>(items: readonly T[], random: () => number): T {
  return items[Math.floor(random() * items.length)]!;
}
