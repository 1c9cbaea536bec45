import { StartError } from './start-error.ts';

const stillWorkingMs = 10_000;

/** Prints one line for each step with what came out and how long it took; a long step says that it is at work. */
export class Progress {
  readonly #begun = performance.now();

  /** Runs a step; what it returns is printed after its title. */
  async step(title: string, work: (note: (text: string) => void) => Promise<string>): Promise<void> {
    const begun = performance.now();
    let detail = '';
    const note = (text: string) => {
      detail = text;
    };
    const timer = setInterval(() => console.log(line('…', title, detail, performance.now() - begun)), stillWorkingMs);
    try {
      const outcome = await work(note);
      console.log(line('✓', title, outcome, performance.now() - begun));
    } catch (error) {
      console.log(line('✗', title, error instanceof StartError ? '' : String(error), performance.now() - begun));
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  /** Seconds since the start, for the last line. */
  get totalSeconds(): string {
    return ((performance.now() - this.#begun) / 1000).toFixed(1);
  }
}

function line(mark: string, title: string, detail: string, elapsedMs: number): string {
  return `  ${mark} ${title.padEnd(11)} ${`${(elapsedMs / 1000).toFixed(1)} s`.padStart(7)}  ${detail}`.trimEnd();
}
