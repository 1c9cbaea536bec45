import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository's root. */
export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Exit status and everything that forge printed, stdout before stderr. */
export type ForgeResult = { status: number; stdout: string; stderr: string };

/**
 * Runs npm's forge with contracts/foundry.toml, at the root of the repository or in a copy of it at `cwd`.
 * Tests find the contracts at run time instead of carrying them, so that they need not be compiled for speed (solc.cjs).
 * Its JavaScript launcher is started with the Node that runs us, so that no `node` has to be on the PATH for it.
 */
export function runForge(
  args: readonly string[],
  options: { echo?: boolean; cwd?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<ForgeResult> {
  const launcher = fileURLToPath(new URL('../../node_modules/@foundry-rs/forge/bin.mjs', import.meta.url));
  const child = spawn(process.execPath, [launcher, ...args], {
    cwd: options.cwd ?? root,
    env: {
      ...process.env,
      FOUNDRY_CONFIG: 'contracts/foundry.toml',
      FOUNDRY_DISABLE_NIGHTLY_WARNING: '1',
      FOUNDRY_DYNAMIC_TEST_LINKING: 'true',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const result: ForgeResult = { status: 1, stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      result[name] += chunk;
      if (options.echo) process[name].write(chunk);
    });
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (status) => resolve({ ...result, status: status ?? 1 }));
  });
}
