import { availableParallelism, loadavg } from 'node:os';

/**
 * What part of a core one more thread gets on a machine with so many cores and runnable threads (the load average), when the scheduler is
 * fair: all of it while there is a core for each, else its even part.
 */
export function cpuShare({ cores, load }: { cores: number; load: number }): number {
  return Math.min(1, cores / (load + 1));
}

/** The same for this machine, now: by the load average of the last minute. */
export function cpuShareNow(): number {
  return cpuShare({ cores: availableParallelism(), load: loadavg()[0]! });
}
