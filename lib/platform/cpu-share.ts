import { availableParallelism, cpus, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** So long the processors are watched for what is free of them. */
const watchedMs = 200;

/**
 * What part of a core one more thread gets: what is free of the cores, at most one; and at least its even part of them when the scheduler is
 * fair to so many runnable threads (the load average).
 */
export function cpuShare({ cores, load, free }: { cores: number; load: number; free: number }): number {
  return Math.min(1, Math.max(free, cores / (load + 1)));
}

/** The same for this machine, now. Work that yields to all other (a positive `nice`, as audits have) leaves its cores free. Takes 0.2 s. */
export async function cpuShareNow(): Promise<number> {
  const [cores, before] = [availableParallelism(), readCpus()];
  await sleep(watchedMs);
  const after = readCpus();
  const passed = after.total - before.total;
  const free = passed > 0 ? ((after.free - before.free) / passed) * cores : 0;
  return cpuShare({ cores, load: loadavg()[0]!, free });
}

/** Milliseconds since the start, of all processors together. */
function readCpus(): { free: number; total: number } {
  let [free, total] = [0, 0];
  for (const { times } of cpus()) {
    free += times.idle + times.nice;
    total += times.idle + times.nice + times.user + times.sys + times.irq;
  }
  return { free, total };
}
