import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { dirname } from 'node:path';

/**
 * Runs a command with its output in a file; resolves to the exit code, also when it cannot be started (127). With `niceness` 1
 * to 19 it and what it starts give way to others.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: { cwd: string; logFile: string; env?: Record<string, string>; niceness?: number },
): Promise<number> {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const env = { ...process.env, ...options.env, FORCE_COLOR: '0' };
  const child = spawn(command, args, { cwd: options.cwd, env, stdio: ['ignore', log, log] });
  if (options.niceness && child.pid) setPriority(child.pid, options.niceness);
  // Ctrl-C reaches the group; a stop by pid (a CI runner) must be passed on.
  const pass = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, pass);
  try {
    return await new Promise((resolve) => {
      child.once('error', () => resolve(127));
      child.once('close', (code) => resolve(code ?? 1));
    });
  } finally {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.off(signal, pass);
    closeSync(log);
  }
}

/** The last lines of a file, for a failure. */
export function tailOf(path: string, lines: number): string {
  try {
    return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  } catch {
    return '(no output)';
  }
}
