import { type ProcessIdentity, sendSignal, stopProcess } from './process-info.ts';

/**
 * A process of ours. Waves stop one after another, because the database must outlive those who write to it:
 * 0 web and workers, 1 chain, 2 database.
 */
export type OwnProcess = ProcessIdentity & { name: string; wave: 0 | 1 | 2 };

/** Time for a clean stop by wave; with the forced end after it, all three stay within 10 s. */
const graceMs = { 0: 4_000, 1: 2_500, 2: 2_500 } as const;

/** Stops every process, first cleanly, then by force. Exactly those processes: the start time guards against reused pids. */
export async function stopInOrder(processes: readonly OwnProcess[]): Promise<void> {
  for (const wave of [0, 1, 2] as const) {
    await Promise.all(processes.filter((one) => one.wave === wave).map((one) => stopOne(one)));
  }
}

async function stopOne(one: OwnProcess): Promise<void> {
  // PostgreSQL: SIGINT is a fast shutdown, SIGQUIT an immediate one from which it recovers (its manual, 18.5).
  const [clean, forced] = one.wave === 2 ? (['SIGINT', 'SIGQUIT'] as const) : (['SIGTERM', 'SIGKILL'] as const);
  await stopProcess(one, [
    { signal: clean, waitMs: graceMs[one.wave] },
    { signal: forced, waitMs: 300 },
    { signal: 'SIGKILL', waitMs: 300 },
  ]);
  // What it has started itself is in its process group, whose number nobody else gets while a member lives.
  if (one.wave !== 2) sendSignal(one.pid, 'SIGKILL', true);
}
