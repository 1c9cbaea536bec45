import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A chain of its own for one test file. */
export type TestChain = { rpcUrl: string; stop: () => Promise<void> };

/** Starts npm's anvil (chain 31337, published accounts, memory only) on a free port; resolves when it listens. */
export async function startAnvil(extraArguments: readonly string[] = []): Promise<TestChain> {
  const launcher = fileURLToPath(new URL('../../node_modules/@foundry-rs/anvil/bin.mjs', import.meta.url));
  const child = spawn(process.execPath, [launcher, '--port', '0', ...extraArguments], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = new Promise<void>((resolve) => child.on('close', () => resolve()));
  const kill = () => void child.kill('SIGTERM');
  process.once('exit', kill);
  const rpcUrl = await new Promise<string>((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const listening = /Listening on (\S+)/.exec(output);
      if (listening) resolve(`http://${listening[1]}`);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.on('error', reject);
    child.on('close', (status) => reject(new Error(`anvil ended with ${status}: ${output}`)));
  });
  const stop = async () => {
    process.removeListener('exit', kill);
    kill();
    await closed;
  };
  return { rpcUrl, stop };
}
