import { StartError } from './start-error.ts';

/** On a terminal a long step counts on one line; in a log it speaks after 10 s, then ever more rarely. */
const terminalEveryMs = 1_000;
const firstWordMs = 10_000;

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
    const stopTalking = this.#talk(() => line('…', title, detail, performance.now() - begun));
    try {
      const outcome = await work(note);
      stopTalking();
      console.log(line('✓', title, outcome, performance.now() - begun));
    } catch (error) {
      stopTalking();
      console.log(line('✗', title, error instanceof StartError ? '' : String(error), performance.now() - begun));
      throw error;
    }
  }

  #talk(text: () => string): () => void {
    if (process.stdout.isTTY) {
      const columns = process.stdout.columns || 80;
      const timer = setInterval(() => process.stdout.write(`\r${text().slice(0, columns - 1)}\x1b[K`), terminalEveryMs);
      return () => {
        clearInterval(timer);
        process.stdout.write('\r\x1b[K');
      };
    }
    let timer: NodeJS.Timeout;
    const speakAfter = (waitMs: number) => {
      timer = setTimeout(() => {
        console.log(text());
        speakAfter(waitMs * 2);
      }, waitMs);
    };
    speakAfter(firstWordMs);
    return () => clearTimeout(timer);
  }

  /** Seconds since the start, for the last line. */
  get totalSeconds(): string {
    return ((performance.now() - this.#begun) / 1000).toFixed(1);
  }
}

function line(mark: string, title: string, detail: string, elapsedMs: number): string {
  return `  ${mark} ${title.padEnd(11)} ${`${(elapsedMs / 1000).toFixed(1)} s`.padStart(7)}  ${detail}`.trimEnd();
}
