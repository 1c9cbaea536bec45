import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomically } from '../write-file-atomically.ts';

/**
 * What changes the chain, in order: a signed transaction sent and mined at a timestamp, or an empty block. `head` is
 * the block that came out, written afterwards; recovery compares it with what comes out of the repetition.
 */
export type JournalEntry =
  | { kind: 'transaction'; raw: string; timestamp: number }
  | { kind: 'block'; timestamp: number }
  | { kind: 'head'; hash: string };

/** Chain state at one moment, and the accepted transactions that were waiting for a smaller nonce. */
export type Checkpoint = { genesisTimestamp: number; waiting: string[]; state: string | null };

/**
 * Write-ahead log of the devnet. anvil keeps its chain in memory and dumps it now and then, so `kill -9` loses the
 * last seconds, confirmed payments among them. Here every change is on disk before anvil sees it; and as anvil's blocks
 * depend only on the transactions and the timestamps, repeating the log gives the same blocks to the hash.
 *
 * Files: `checkpoint-<n>.json` holds everything before `journal-<n>.jsonl`. The highest n counts.
 */
export class Journal {
  readonly #dir: string;
  #number: number;
  #file: number;
  /** Entries that a recovery would have to repeat. */
  length: number;

  private constructor(dir: string, number: number, file: number, length: number) {
    this.#dir = dir;
    this.#number = number;
    this.#file = file;
    this.length = length;
  }

  /** Opens the log, giving the newest checkpoint and the entries after it. `newGenesis` is used on the first start. */
  static open(dir: string, newGenesis: number): { journal: Journal; checkpoint: Checkpoint; entries: JournalEntry[] } {
    mkdirSync(dir, { recursive: true });
    const number = Math.max(-1, ...numbersOf(dir));
    if (number < 0) {
      const checkpoint: Checkpoint = { genesisTimestamp: newGenesis, waiting: [], state: null };
      writeFileAtomically(join(dir, checkpointName(0)), JSON.stringify(checkpoint));
      return {
        journal: new Journal(dir, 0, openSync(join(dir, journalName(0)), 'a', 0o600), 0),
        checkpoint,
        entries: [],
      };
    }
    const checkpoint = JSON.parse(readFileSync(join(dir, checkpointName(number)), 'utf8')) as Checkpoint;
    const path = join(dir, journalName(number));
    const { text, entries } = readWholeLines(path);
    // A last line cut short by the crash was never executed, because execution follows the write; drop it.
    writeFileAtomically(path, text);
    return { journal: new Journal(dir, number, openSync(path, 'a', 0o600), entries.length), checkpoint, entries };
  }

  /** Writes an entry; `durable` waits until it is on the disk, not only safe from the death of this process. */
  append(entry: JournalEntry, durable: boolean): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
    if (durable) fsyncSync(this.#file);
    this.length += 1;
  }

  /** Makes the checkpoint the new beginning and drops what it replaces. */
  replaceBy(checkpoint: Checkpoint): void {
    const next = this.#number + 1;
    writeFileAtomically(join(this.#dir, checkpointName(next)), JSON.stringify(checkpoint));
    closeSync(this.#file);
    this.#number = next;
    this.#file = openSync(join(this.#dir, journalName(next)), 'a', 0o600);
    this.length = 0;
    for (const old of numbersOf(this.#dir).filter((number) => number < next)) {
      rmSync(join(this.#dir, checkpointName(old)), { force: true });
      rmSync(join(this.#dir, journalName(old)), { force: true });
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}

const checkpointName = (number: number) => `checkpoint-${number}.json`;
const journalName = (number: number) => `journal-${number}.jsonl`;

function numbersOf(dir: string): number[] {
  return readdirSync(dir).flatMap((name) => {
    const match = /^checkpoint-(\d+)\.json$/.exec(name);
    return match ? [Number(match[1])] : [];
  });
}

function readWholeLines(path: string): { text: string; entries: JournalEntry[] } {
  const raw = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const text = raw.slice(0, raw.lastIndexOf('\n') + 1);
  const entries = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as JournalEntry);
  return { text, entries };
}
