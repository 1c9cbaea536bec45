import { z } from 'zod';
import type { TrainingLine } from './types.ts';

const message = z.object({ role: z.enum(['system', 'developer', 'user', 'assistant']), content: z.string().min(1) });
const chatLine = z.object({ messages: z.array(message).min(2) });
const pairLine = z.object({ prompt: z.string().min(1), completion: z.string().min(1) });

export type ReadLines = { lines: TrainingLine[]; faults: { line: number; fix: string }[] };

const wanted = '{"messages": [{"role": "user", "content": "…"}, {"role": "assistant", "content": "…"}]}';

/**
 * OpenAI's training files: JSON Lines of chats, or of prompt and completion. A row here is a question and an answer: the last
 * answer of a chat is what is learnt, and a system message and earlier turns stand before its question. Pure.
 */
export function readTrainingFile(bytes: Uint8Array): ReadLines {
  const read: ReadLines = { lines: [], faults: [] };
  const text = new TextDecoder('utf-8').decode(bytes);
  text.split(/\r\n|\n|\r/).forEach((source, i) => {
    if (source.trim() === '') return;
    const data = readLine(source);
    if (typeof data === 'string') read.faults.push({ line: i + 1, fix: data });
    else read.lines.push({ line: i + 1, data });
  });
  if (read.lines.length + read.faults.length === 0) read.faults.push({ line: 1, fix: 'The file is empty.' });
  return read;
}

function readLine(source: string): TrainingLine['data'] | string {
  let value: unknown;
  try {
    value = JSON.parse(source);
  } catch (error) {
    return `is not JSON (${(error as Error).message}).`;
  }
  const pair = pairLine.safeParse(value);
  if (pair.success) return pair.data;
  const chat = chatLine.safeParse(value);
  if (!chat.success) return `Write it as ${wanted}.`;
  const { messages } = chat.data;
  const answer = messages.at(-1)!;
  if (answer.role !== 'assistant') return 'The last message is the answer to learn: its role is assistant.';
  if (messages.at(-2)!.role !== 'user') return 'The answer follows a message of the user.';
  const before = messages.slice(0, -1).map(({ content }) => content);
  return { prompt: before.join('\n\n'), completion: answer.content };
}
