import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Starts a solc that stays, and puts at `wrapper` the program that forge takes for a compiler: it hands standard JSON on. Ends with
 * `kill()`.
 */
export async function startWarmCompiler(folder: string, wrapper: string): Promise<ChildProcess> {
  const socket = join(folder, 'solc.sock');
  const server = fileURLToPath(new URL('warm-solc.cjs', import.meta.url));
  const child = spawn(process.execPath, [server, socket], { stdio: ['pipe', 'pipe', 'inherit'] });
  const version = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()));
    child.once('exit', (status) => reject(new Error(`solc ended with ${status}`)));
  });
  writeFileSync(wrapper, clientOf(socket, version));
  return child;
}

function clientOf(socket: string, version: string): string {
  return `#!/usr/bin/env node
if (process.argv.includes('--version')) {
  process.stdout.write('solc, the solidity compiler commandline interface\\nVersion: ${version}\\n');
} else {
  const socket = require('node:net').connect({ path: ${JSON.stringify(socket)}, allowHalfOpen: true });
  process.stdin.pipe(socket);
  socket.pipe(process.stdout);
}
`;
}
