import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { StartError } from './start-error.ts';

/**
 * Wipes the data folder after a yes. Its lock stays, because we hold it.
 *
 * @throws {StartError} when the answer is no, or nobody can be asked.
 */
export async function resetData(dataDir: string, options: { yes: boolean }): Promise<void> {
  if (!existsSync(dataDir)) return;
  if (!options.yes && !(await isConfirmed(dataDir))) throw new StartError('Nothing was wiped.');
  for (const name of readdirSync(dataDir)) {
    if (name !== 'launcher.lock') rmSync(join(dataDir, name), { recursive: true, force: true });
  }
}

async function isConfirmed(dataDir: string): Promise<boolean> {
  if (!process.stdin.isTTY) throw new StartError('--reset asks before it wipes, and there is no terminal: add --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const question = `Wipe ${dataDir}: database, chain, stored files and keys of this installation? Type yes: `;
  const answer = await terminal.question(question);
  terminal.close();
  return answer.trim().toLowerCase() === 'yes';
}
