import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../ports.ts';
import { commandOf, findProcess, isAlive, type ProcessIdentity, stopProcess } from '../process-info.ts';
import { writeFileAtomically } from '../write-file-atomically.ts';
import { callRpc } from './call-rpc.ts';

/** How many numbered accounts hold devnet ether from the start. */
export const devnetAccountCount = 20;

export type AnvilProcess = { child: ChildProcess; identity: ProcessIdentity; url: string };

const require = createRequire(import.meta.url);

/**
 * Path of the anvil program for this machine, from npm's per-platform package. Its launcher script is not used: the
 * pid that we signal must be anvil's own.
 */
export function anvilBinary(): string {
  const os = process.platform === 'win32' ? 'win32' : process.platform;
  const cpu = process.arch === 'x64' ? 'amd64' : process.arch;
  const name = `@foundry-rs/anvil-${os}-${cpu}`;
  try {
    const anchor = require.resolve('@foundry-rs/anvil/package.json');
    const manifest = createRequire(anchor).resolve(`${name}/package.json`);
    return join(manifest, '..', 'bin', process.platform === 'win32' ? 'anvil.exe' : 'anvil');
  } catch (cause) {
    throw new Error(`${name} is not installed; run \`npm install --include=optional\` or give an RPC_URL`, { cause });
  }
}

/**
 * Starts anvil on a free port of the loopback, mining only when told to, and waits until it answers.
 * `pidFile` lets the next start find it if we die without stopping it.
 */
export async function startAnvil(options: {
  chainId: number;
  genesisTimestamp: number;
  pidFile?: string;
  extraArguments?: readonly string[];
}): Promise<AnvilProcess> {
  const port = await freePort();
  const child = spawn(
    anvilBinary(),
    [
      ...['--host', '127.0.0.1', '--port', String(port), '--chain-id', String(options.chainId)],
      ...['--timestamp', String(options.genesisTimestamp), '--accounts', String(devnetAccountCount)],
      ...['--no-request-size-limit', '--quiet'],
      ...(options.extraArguments ?? []),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  const spawned = await new Promise<ProcessIdentity>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(findProcess(child.pid!) ?? { pid: child.pid!, startedAt: 'gone' }));
  });
  if (options.pidFile) writeFileAtomically(options.pidFile, JSON.stringify(spawned));
  const url = `http://127.0.0.1:${port}`;
  await waitUntilItAnswers(child, url, options.chainId);
  return { child, identity: spawned, url };
}

/** Stops the anvil that a killed process left behind, after making sure that the pid is still that anvil. */
export async function stopOrphanAnvil(pidFile: string): Promise<void> {
  let orphan: ProcessIdentity;
  try {
    orphan = JSON.parse(readFileSync(pidFile, 'utf8')) as ProcessIdentity;
  } catch {
    return;
  }
  if (isAlive(orphan) && commandOf(orphan.pid).includes('anvil')) {
    await stopProcess(orphan, [{ signal: 'SIGKILL', waitMs: 5_000 }]);
  }
  rmSync(pidFile, { force: true });
}

async function waitUntilItAnswers(child: ChildProcess, url: string, chainId: number): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`anvil stopped at its start (${child.exitCode ?? child.signalCode})`);
    }
    try {
      const answered = Number(await callRpc(url, 'eth_chainId', []));
      if (answered !== chainId) throw new Error(`the process on ${url} has chain id ${answered}, not ours`);
      return;
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // fetch throws TypeError while nobody listens
      await sleep(25);
    }
  }
  child.kill('SIGKILL');
  throw new Error('anvil did not answer within 10 s');
}
