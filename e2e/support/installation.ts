import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../scripts/up/ports.ts';
import type { Runtime } from './place.ts';

/** What can be killed: a part by its name in processes.json, anvil under the chain's process, or everything at once. */
export type Victim = 'web' | 'jobs' | 'serve' | 'index' | 'postgres' | 'chain' | 'anvil' | 'all';

type Processes = { name: string; pid: number }[];

/** A whole product of its own, started by the launcher, whose processes a test may kill. */
export class Installation {
  readonly dataDir: string;
  readonly #env: Record<string, string>;
  #port = 0;
  #launcher: ChildProcess | null = null;
  #firstStart = true;

  constructor(dataDir: string, env: Record<string, string>) {
    this.dataDir = dataDir;
    this.#env = env;
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  get runtime(): Runtime {
    return JSON.parse(readFileSync(join(this.dataDir, 'runtime.json'), 'utf8')) as Runtime;
  }

  /** Starts the launcher (the first time on an empty data folder) and waits until every part reports itself up. */
  async start(): Promise<void> {
    this.#port ||= await freePort();
    mkdirSync(this.dataDir, { recursive: true });
    const log = openSync(join(this.dataDir, '..', 'kill-launcher.log'), 'a');
    const args = ['scripts/up/main.ts', '--port', String(this.#port), '--data-dir', this.dataDir];
    if (this.#firstStart) args.push('--reset', '--yes');
    const embedded = { DATABASE_URL: '', RPC_URL: '', S3_ENDPOINT: '' };
    const env = { ...process.env, ...embedded, ...this.#env };
    this.#launcher = spawn(process.execPath, args, { env, stdio: ['ignore', log, log] });
    this.#firstStart = false;
    await this.untilHealthy(180_000);
  }

  /** kill -9. For `all` the launcher dies first, so that nobody restarts what is killed after it; then it starts again. */
  async kill(victim: Victim): Promise<void> {
    if (victim !== 'all') {
      process.kill(this.#pidOf(victim), 'SIGKILL');
      return;
    }
    const pids = this.#processes().map(({ pid }) => pid);
    const ended = once(this.#launcher!, 'exit');
    for (const pid of [this.#launcher!.pid!, ...pids]) tryKill(pid);
    await ended;
    await this.start();
  }

  /** Waits until /api/health says that database, chain, worker, serve and indexer are up. */
  async untilHealthy(timeoutMs = 60_000): Promise<void> {
    const deadline = performance.now() + timeoutMs;
    let last = '';
    while (performance.now() < deadline) {
      if (this.#launcher?.exitCode) throw new Error(`the launcher ended with ${this.#launcher.exitCode}`);
      const response = await fetch(`${this.url}/api/health`).catch((error: unknown) => String(error));
      if (typeof response !== 'string') {
        if (response.ok) return;
        last = await response.text();
      } else last = response;
      await sleep(250);
    }
    throw new Error(`not healthy after ${timeoutMs} ms: ${last}`);
  }

  async stop(): Promise<void> {
    if (!this.#launcher || this.#launcher.exitCode !== null) return;
    const ended = once(this.#launcher, 'exit');
    this.#launcher.kill('SIGTERM');
    await ended;
  }

  #processes(): Processes {
    return JSON.parse(readFileSync(join(this.dataDir, 'processes.json'), 'utf8')) as Processes;
  }

  #pidOf(victim: Exclude<Victim, 'all'>): number {
    if (victim === 'anvil') {
      return (JSON.parse(readFileSync(join(this.dataDir, 'anvil/anvil.pid.json'), 'utf8')) as { pid: number }).pid;
    }
    const found = this.#processes().find(({ name }) => name === victim);
    if (!found) throw new Error(`${victim} is not running`);
    return found.pid;
  }
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
