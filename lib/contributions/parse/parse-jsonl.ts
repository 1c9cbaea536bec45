import { findJsonFault } from './json-fault.ts';
import type { ParsedFile, ParsedRow, RowFault } from './types.ts';

/**
 * JSON Lines: one object a line. Text, numbers and booleans become columns; nested values do not, except the chat form
 * `messages: [{ role, content }]`, which becomes `prompt` (last user message) and `completion` (assistant's answer to it).
 * A broken line is a fault with its line and column; the other lines go on.
 */
export function parseJsonl(text: string): ParsedFile {
  const columns = new Set<string>();
  const rows: ParsedRow[] = [];
  const faults: RowFault[] = [];
  text.split(/\r\n|\n|\r/).forEach((source, index) => {
    if (source.trim() === '') return;
    const line = index + 1;
    const result = readLine(source);
    if (typeof result === 'string') faults.push({ line, fix: result });
    else {
      for (const name of Object.keys(result)) columns.add(name);
      rows.push({ line, values: result });
    }
  });
  return { format: 'jsonl', columns: [...columns], rows, faults };
}

/** The line's columns, or what to mend. */
function readLine(source: string): Record<string, string> | string {
  const fault = findJsonFault(source);
  if (fault) {
    const found = source[fault.column - 1];
    return `Broken JSON at column ${fault.column}: expected ${fault.expected}, found ${found === undefined ? 'the end of the line' : JSON.stringify(found)}.`;
  }
  const value: unknown = JSON.parse(source);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return 'The line is not an object. Write it as {"prompt": "…", "completion": "…"}.';
  }
  const entries = Object.entries(value).filter(([, cell]) => ['string', 'number', 'boolean'].includes(typeof cell));
  return {
    ...readChat(value as Record<string, unknown>),
    ...Object.fromEntries(entries.map(([k, v]) => [k, String(v)])),
  };
}

function readChat(row: Record<string, unknown>): Record<string, string> {
  if (!Array.isArray(row.messages)) return {};
  const messages = row.messages as { role?: unknown; content?: unknown }[];
  const answerAt = messages.findLastIndex(
    (message) => message?.role === 'assistant' && typeof message.content === 'string',
  );
  const question = messages
    .slice(0, Math.max(answerAt, 0))
    .findLast((m) => m?.role === 'user' && typeof m.content === 'string');
  return question ? { prompt: String(question.content), completion: String(messages[answerAt]!.content) } : {};
}
