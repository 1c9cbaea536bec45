import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { OwnProcess } from './stop-in-order.ts';

/** Our end of the pipe to `reaper.ts`, which stops the watched processes if we are killed. */
export class ReaperLink {
  #reaper: ChildProcess;
  #watched: readonly OwnProcess[] = [];
  #dismissed = false;

  constructor() {
    this.#reaper = this.#launch();
  }

  /** Replaces the list of processes that must not survive us. */
  watch(processes: readonly OwnProcess[]): void {
    this.#watched = processes;
    this.#reaper.stdin?.write(`${JSON.stringify(processes)}\n`);
  }

  /** After a clean stop: nothing is left to do. */
  dismiss(): void {
    this.#dismissed = true;
    this.#reaper.stdin?.end('done\n');
  }

  #launch(): ChildProcess {
    const file = fileURLToPath(new URL('./reaper.ts', import.meta.url));
    // Its own process group: Ctrl-C in the terminal must not reach it.
    const reaper = spawn(process.execPath, [file], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
    reaper.stdin.on('error', () => {}); // it was killed; its exit starts another
    reaper.once('exit', () => {
      if (this.#dismissed) return;
      this.#reaper = this.#launch();
      this.watch(this.#watched);
    });
    reaper.unref();
    return reaper;
  }
}
