import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { VerifiedReceipt } from '#scripts/verify/verify-target.ts';

const script = fileURLToPath(new URL('../../verify.ts', import.meta.url));

/** `npm run verify` as a process of its own; one result a folder. Throws when it could not check something. */
export async function runVerifier(
  folders: readonly string[],
  options: { models: string; rpc: string; deployment: string; gateway: string; threads: number },
): Promise<VerifiedReceipt[]> {
  const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  const child = spawn(process.execPath, [script, ...folders, ...flags, '--json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors, code] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    new Promise<number | null>((resolve) => child.once('exit', resolve)),
  ]);
  if (code !== 0 && code !== 1) throw new Error(`npm run verify ended with ${code}: ${errors.slice(0, 2_000)}`);
  return out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as VerifiedReceipt);
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const part of stream) text += String(part);
  return text;
}
