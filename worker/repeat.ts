import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

/**
 * Runs `work` again and again, `pauseMs` after it ended, until `signal` aborts. A failure is logged and waited out with
 * growing pauses (at most 5 s): the database or the chain may be restarting.
 */
export async function repeat(
  options: { name: string; pauseMs: number; signal: AbortSignal; log: Logger },
  work: () => Promise<{ again?: boolean } | undefined>,
): Promise<void> {
  const { name, pauseMs, signal, log } = options;
  let failures = 0;
  while (!signal.aborted) {
    let waitMs = pauseMs;
    try {
      const result = await work();
      failures = 0;
      if (result?.again) continue;
    } catch (err) {
      if (signal.aborted) return;
      failures += 1;
      waitMs = Math.min(5_000, Math.max(pauseMs, 500) * 2 ** Math.min(failures - 1, 4));
      log.warn({ err, failures, waitMs }, `${name} failed, tried again`);
    }
    await sleep(waitMs, undefined, { signal }).catch(() => {});
  }
}
