import { createHash } from 'node:crypto';
import { rowsAnAccount, sandboxQuestions, sandboxRows } from './limits.ts';
import { SeededRandom } from './seeded-random.ts';
import type { AttackRow } from './types.ts';

/**
 * A sandbox copy of a version: whole contributors in an order that nobody chooses, each with its oldest rows, until there are
 * enough; and what customers ask, drawn from the questions of all these rows. The same version gives the same sandbox.
 *
 * @param rows in the order of contribution, which is kept
 */
export function sampleSandbox(rows: readonly AttackRow[], root: string): { rows: AttackRow[]; questions: string[] } {
  const hashOf = (account: string): string => createHash('sha256').update(`${root}|${account}`).digest('hex');
  const accounts = [...new Set(rows.map(({ contributor }) => contributor))].sort((a, b) =>
    hashOf(a) < hashOf(b) ? -1 : 1,
  );
  const chosen = new Set<string>();
  for (const account of accounts) {
    if (chosen.size >= sandboxRows) break;
    const own = rows.filter(({ contributor }) => contributor === account);
    for (const { id } of own.slice(0, Math.min(rowsAnAccount, sandboxRows - chosen.size))) chosen.add(id);
  }
  const sampled = rows.filter(({ id }) => chosen.has(id));
  const asked = new SeededRandom(`${root}|questions`).sample(sampled, sandboxQuestions);
  return { rows: sampled, questions: asked.map(questionOf) };
}

/** What somebody would ask to be told this row; a text without a question is led to by its first words. */
export function questionOf({ question, answer }: AttackRow): string {
  return question === '' ? answer.split(/\s+/).slice(0, 8).join(' ') : question;
}
