import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './process-info.ts';
import { type OwnProcess, stopInOrder } from './stop-in-order.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

const fileOf = (dataDir: string) => join(dataDir, 'processes.json');

/** Writes down which processes run for this data folder, for the next start and for tests that kill them. */
export function writeRegistry(dataDir: string, processes: readonly OwnProcess[]): void {
  writeFileAtomically(fileOf(dataDir), `${JSON.stringify(processes, null, 2)}\n`);
}

/** Forgets them after a clean stop. */
export function removeRegistry(dataDir: string): void {
  rmSync(fileOf(dataDir), { force: true });
}

/** Stops what a launcher that was killed has left running on this data folder. Returns their names. */
export async function stopLeftovers(dataDir: string): Promise<string[]> {
  let processes: OwnProcess[];
  try {
    processes = JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as OwnProcess[];
  } catch {
    return [];
  }
  const alive = processes.filter((one) => isAlive(one));
  await stopInOrder(alive);
  removeRegistry(dataDir);
  return alive.map((one) => one.name);
}
