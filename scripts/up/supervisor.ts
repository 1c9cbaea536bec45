import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { lastErrorLine } from './last-error-line.ts';
import { nodeFlags } from './node-flags.mjs';
import { findProcess, sendSignal } from './process-info.ts';
import { removeRegistry, writeRegistry } from './process-registry.ts';
import { ReaperLink } from './reaper-link.ts';
import { type OwnProcess, stopInOrder } from './stop-in-order.ts';

export type ChildSpec = {
  name: string;
  wave: OwnProcess['wave'];
  /** Starts it; called again after a crash. */
  spawn(): Promise<ChildProcess> | ChildProcess;
};

const backOffMs = [500, 1_000, 2_000, 5_000, 15_000];
const stableAfterMs = 60_000;
const logBytesMax = 20 * 1024 * 1024;

/** Starts the children, starts them again when they die, and stops them in order. */
export class Supervisor {
  readonly #dataDir: string;
  readonly #report: (text: string) => void;
  readonly #running = new Map<string, { process: OwnProcess; child: ChildProcess }>();
  readonly #reaper = new ReaperLink();
  #stopping = false;

  constructor(dataDir: string, report: (text: string) => void) {
    this.#dataDir = dataDir;
    this.#report = report;
  }

  /** Starts a child and keeps it running until `stop`. */
  async start(spec: ChildSpec): Promise<ChildProcess> {
    return this.#launch(spec, 0);
  }

  /** Pids by name, as they are now. */
  get processes(): OwnProcess[] {
    return [...this.#running.values()].map(({ process }) => process);
  }

  /** Stops every child; nothing is started again. Resolves when all are gone, at the latest after 10 s. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await stopInOrder(this.processes);
    this.#reaper.dismiss();
    removeRegistry(this.#dataDir);
  }

  async #launch(spec: ChildSpec, failures: number): Promise<ChildProcess> {
    const child = await spec.spawn();
    const identity = child.pid === undefined ? null : findProcess(child.pid);
    const begun = performance.now();
    child.once('error', () => {}); // an exit event or the missing pid tells the same
    const process = { name: spec.name, wave: spec.wave, pid: child.pid ?? 0, startedAt: identity?.startedAt ?? 'gone' };
    this.#running.set(spec.name, { process, child });
    this.#announce();
    const onExit = (how: string) => {
      const failuresNow = performance.now() - begun > stableAfterMs ? 0 : failures;
      void this.#restart(spec, how, failuresNow);
    };
    if (child.exitCode !== null || child.pid === undefined) onExit(`exit ${child.exitCode ?? 'at once'}`);
    else child.once('exit', (code, signal) => onExit(signal ?? `exit ${code}`));
    if (this.#stopping) await stopInOrder([process]); // stop() has gone past it
    return child;
  }

  async #restart(spec: ChildSpec, how: string, failures: number): Promise<void> {
    const dead = this.#running.get(spec.name)?.process;
    this.#running.delete(spec.name);
    if (this.#stopping) return;
    // `next dev` works in a child of its own, which would keep the port.
    if (dead && dead.wave !== 2 && dead.pid > 0) sendSignal(dead.pid, 'SIGKILL', true);
    this.#announce();
    const waitMs = backOffMs[Math.min(failures, backOffMs.length - 1)]!;
    const telling = lastErrorLine(logPath(this.#dataDir, spec.name));
    const reason = telling ? `: ${telling}` : '';
    this.#report(`${spec.name} stopped (${how}), starting it again in ${waitMs / 1000} s${reason}`);
    await sleep(waitMs);
    if (this.#stopping) return;
    try {
      await this.#launch(spec, failures + 1);
    } catch (error) {
      void this.#restart(spec, (error as Error).message, failures + 1);
    }
  }

  #announce(): void {
    writeRegistry(this.#dataDir, this.processes);
    this.#reaper.watch(this.processes);
  }
}

/** A child that runs Node with `args`; its output goes to `<dataDir>/logs/<name>.log`. It stops when we die. */
export function nodeChild(options: {
  name: string;
  wave: OwnProcess['wave'];
  args: readonly string[];
  env: Record<string, string>;
  dataDir: string;
  /** Without V8's flags: `next dev` hands its own on in NODE_OPTIONS, which takes them not. */
  isPlain?: boolean;
}): ChildSpec {
  const watch = new URL('./parent-watch.ts', import.meta.url).href;
  return {
    name: options.name,
    wave: options.wave,
    spawn: () => {
      const log = openLog(options.dataDir, options.name);
      const flags = ['--disable-warning=ExperimentalWarning', ...(options.isPlain ? [] : nodeFlags)];
      return spawn(process.execPath, [...flags, '--import', watch, ...options.args], {
        env: { ...process.env, ...options.env, OPENLEDGER_PARENT_WATCH: '1' },
        // Its own process group: Ctrl-C reaches it only through us, in order.
        detached: true,
        stdio: ['pipe', log, log],
      });
    },
  };
}

/** Opens a log for appending; a large one is set aside once as `<name>.log.1`. */
function openLog(dataDir: string, name: string): number {
  const path = logPath(dataDir, name);
  mkdirSync(join(dataDir, 'logs'), { recursive: true });
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax) renameSync(path, `${path}.1`);
  return openSync(path, 'a');
}

/** Where a part's log is. */
export function logPath(dataDir: string, name: string): string {
  return join(dataDir, 'logs', `${name}.log`);
}
