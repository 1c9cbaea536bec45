import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastErrorLine } from './last-error-line.ts';
import { StartError } from './start-error.ts';

/**
 * Waits until `/api/health` answers 200: web, database, chain, worker, serve and indexer all work.
 *
 * @throws {StartError} with the last answer after `timeoutMs`.
 */
export async function waitUntilHealthy(
  port: number,
  options: { timeoutMs: number; logsDir: string; note(text: string): void },
): Promise<void> {
  const deadline = performance.now() + options.timeoutMs;
  let last = 'no answer yet';
  while (performance.now() < deadline) {
    try {
      const response = await fetch(`http://127.0.0.1:${port}/api/health`, { signal: AbortSignal.timeout(10_000) });
      if (response.ok) return;
      last = `${response.status} ${(await response.text()).slice(0, 1_000)}`;
    } catch (error) {
      last = (error as Error).cause instanceof Error ? String((error as Error).cause) : String(error);
    }
    options.note(last);
    await sleep(200);
  }
  const reasons = ['web', 'jobs', 'serve', 'index'].flatMap((name) => {
    const line = lastErrorLine(join(options.logsDir, `${name}.log`));
    return line ? [`  ${name}: ${line}`] : [];
  });
  throw new StartError(
    `The site is not healthy after ${options.timeoutMs / 1000} s. Last answer: ${last}\n${reasons.join('\n')}\nLogs: ${options.logsDir}`,
  );
}
