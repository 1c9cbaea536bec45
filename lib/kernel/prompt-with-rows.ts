/** Names the template below; a receipt says by which one its prompt was built, so that it can be built again. */
export const promptTemplate = 'rows-first/1';

type Message = { role: 'system' | 'user' | 'assistant'; content: string };

/**
 * A row as a prompt quotes it: its fields in the Datanet's order, a line each, without blank lines, so that a row cannot look
 * like two. A prompt may read less: the first `chars` UTF-16 units.
 */
export function rowText(data: Readonly<Record<string, string>>, fields: readonly { name: string }[]): string {
  const lines = fields.flatMap(({ name }) => (data[name] ?? '').split(/[\r\n\u2028\u2029]+/));
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

/**
 * The conversation with rows to read, template `rows-first/1`: `Notes:` and the passages, a blank line before each, as the
 * system message, after what the caller's own system message says. Nothing else is touched. Without passages it is the
 * conversation as it was.
 */
export function promptWithRows<M extends Message>(messages: readonly M[], passages: readonly string[]): Message[] {
  if (passages.length === 0) return [...messages];
  const notes = ['Notes:', ...passages].join('\n\n');
  const [first, ...rest] = messages;
  if (first?.role !== 'system') return [{ role: 'system', content: notes }, ...messages];
  return [{ role: 'system', content: `${first.content}\n\n${notes}` }, ...rest];
}

/** Where to end a passage of at most `chars` units: behind a whole word where one fits, never within a character. */
export function cutPassage(text: string, chars: number): string {
  if (text.length <= chars) return text;
  const cut = text.slice(0, chars).replace(/[\ud800-\udbff]$/, '');
  const end = /\s/.test(text[cut.length] ?? '') ? cut.length : cut.search(/\s\S*$/);
  return (end > 0 ? cut.slice(0, end) : cut).trimEnd();
}

/** The conversation with each of the 2^k subsets of the passages, in the order of the prompt: bit i of s is passage i. */
export function conversationsOf<M extends Message>(messages: readonly M[], passages: readonly string[]): Message[][] {
  return Array.from({ length: 2 ** passages.length }, (_, subset) =>
    promptWithRows(
      messages,
      passages.filter((_, i) => subset & (1 << i)),
    ),
  );
}
