import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { keccak256 } from 'viem';
import { type AnvilProcess, startAnvil, stopOrphanAnvil } from './anvil-process.ts';
import { callRpc, RpcError } from './call-rpc.ts';
import { type Checkpoint, Journal, type JournalEntry } from './journal.ts';

/** Blocks come quickly while something is going on, so that confirmations and windows pass, and slowly when idle. */
const activeBlockMs = 2_000;
const idleBlockMs = 15_000;
const activeForMs = 120_000;
/** Measured: 12 ms to repeat a block on a busy machine, 0.1 s to save 3000 of them. So a recovery takes about 2 s. */
const entriesPerCheckpoint = 300;

/**
 * The chain of the devnet: anvil behind a write-ahead log (journal.ts). Changes go one at a time through `send` and the
 * block timer; if anvil dies it is started again and brought to the same block, while callers wait.
 */
export class Devnet {
  readonly #dir: string;
  readonly #chainId: number;
  readonly #log: (text: string) => void;
  readonly #journal: Journal;
  #checkpoint: Checkpoint;
  #entries: JournalEntry[];
  #anvil: Promise<AnvilProcess>;
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = new Map<string, string>(); // hash to raw, accepted but not mined yet
  #headTimestamp = 0;
  #lastActivity = performance.now();
  #stopping = false;

  private constructor(dir: string, chainId: number, log: (text: string) => void) {
    this.#dir = dir;
    this.#chainId = chainId;
    this.#log = log;
    const { journal, checkpoint, entries } = Journal.open(dir, Math.floor(Date.now() / 1000));
    this.#journal = journal;
    this.#checkpoint = checkpoint;
    this.#entries = entries;
    this.#anvil = this.#recover();
  }

  /** Starts or continues the chain kept in `dir`. */
  static async start(options: { dir: string; chainId: number; log: (text: string) => void }): Promise<Devnet> {
    const devnet = new Devnet(options.dir, options.chainId, options.log);
    await devnet.#anvil;
    void devnet.#mineOnTime();
    return devnet;
  }

  /** Where anvil answers now; waits out a recovery. For reads only: what is sent there directly is lost in a crash. */
  async readUrl(): Promise<string> {
    return (await this.#anvil).url;
  }

  /**
   * Logs, executes and mines a signed transaction. Resolves to its hash when its block is there.
   *
   * @throws {RpcError} with the node's reason when it is refused.
   */
  send(raw: string): Promise<string> {
    return this.#inTurn(async () => {
      this.#lastActivity = performance.now();
      const used = this.#anvil;
      // Waiting comes before writing: a recovery under way would repeat the entry too, and it would be sent twice.
      const { url } = await used;
      const entry: JournalEntry = { kind: 'transaction', raw, timestamp: this.#nextTimestamp() };
      this.#write(entry, true);
      try {
        await this.#execute(url, entry, true);
      } catch (error) {
        if (error instanceof RpcError) throw error;
        await this.#isThereAfterRecovery(used, raw, error);
      }
      return keccak256(raw as `0x${string}`);
    });
  }

  /** Saves the whole chain and stops. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await this.#inTurn(() => this.#saveCheckpoint()).catch((error: unknown) => this.#log(`no checkpoint: ${error}`));
    (await this.#anvil).child.kill('SIGKILL'); // everything is in the checkpoint
    this.#journal.close();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }

  #write(entry: JournalEntry, durable: boolean): void {
    this.#journal.append(entry, durable);
    this.#entries.push(entry);
  }

  #nextTimestamp(): number {
    return Math.max(Math.floor(Date.now() / 1000), this.#headTimestamp);
  }

  async #recover(): Promise<AnvilProcess> {
    const pidFile = join(this.#dir, 'anvil.pid.json');
    await stopOrphanAnvil(pidFile);
    const { genesisTimestamp, state, waiting } = this.#checkpoint;
    const extraArguments = ['--no-mining', '--prune-history', '1024'];
    const anvil = await startAnvil({ chainId: this.#chainId, genesisTimestamp, pidFile, extraArguments });
    if (state !== null) await callRpc(anvil.url, 'anvil_loadState', [state]);
    this.#waiting.clear();
    for (const raw of waiting) await this.#submit(anvil.url, raw);
    await this.#repeat(anvil.url, this.#entries);
    const head = await this.#readHead(anvil.url);
    this.#log(`block ${Number(head.number)} ${head.hash}, ${this.#entries.length} journal entries repeated`);
    anvil.child.once('exit', (code, signal) => this.#onExit(`${signal ?? code}`));
    if (anvil.child.exitCode !== null || anvil.child.signalCode !== null) throw new Error('anvil died in its recovery');
    return anvil;
  }

  #onExit(how: string): void {
    if (this.#stopping) return;
    this.#log(`anvil stopped (${how}), recovering`);
    this.#anvil = this.#recover();
    // The supervisor starts this process again; going on without a chain would only hide the failure.
    this.#anvil.catch((error: unknown) => {
      this.#log(`recovery failed: ${error}`);
      process.exit(1);
    });
  }

  async #repeat(url: string, entries: readonly JournalEntry[]): Promise<void> {
    for (const entry of entries) {
      try {
        await this.#execute(url, entry, false);
      } catch (error) {
        if (!(error instanceof RpcError)) throw error; // refused then, refused now
      }
    }
  }

  /** One journal entry on anvil. `live` also writes down the block that came out. */
  async #execute(url: string, entry: JournalEntry, live: boolean): Promise<void> {
    if (entry.kind === 'head') {
      const { hash } = await this.#readHead(url);
      if (hash !== entry.hash) this.#log(`WARNING: block ${entry.hash} became ${hash} in the recovery`);
      return;
    }
    if (entry.kind === 'transaction') await this.#submit(url, entry.raw);
    await callRpc(url, 'evm_mine', [{ timestamp: entry.timestamp }]);
    const head = await this.#readHead(url);
    for (const hash of head.transactions) this.#waiting.delete(hash);
    if (!live) return;
    this.#write({ kind: 'head', hash: head.hash }, false);
  }

  async #submit(url: string, raw: string): Promise<void> {
    const hash = (await callRpc(url, 'eth_sendRawTransaction', [raw])) as string;
    this.#waiting.set(hash, raw);
  }

  async #readHead(url: string): Promise<{ number: string; hash: string; transactions: string[] }> {
    const head = (await callRpc(url, 'eth_getBlockByNumber', ['latest', false])) as {
      number: string;
      hash: string;
      timestamp: string;
      transactions: string[];
    };
    this.#headTimestamp = Number(head.timestamp);
    return head;
  }

  /** anvil died under the call: the journal has the transaction, so the recovery has repeated it, unless it is refused. */
  async #isThereAfterRecovery(used: Promise<AnvilProcess>, raw: string, cause: unknown): Promise<void> {
    for (let waitedMs = 0; this.#anvil === used && waitedMs < 5_000; waitedMs += 20) await sleep(20); // its exit event
    const url = (await this.#anvil).url;
    const hash = keccak256(raw as `0x${string}`);
    if ((await callRpc(url, 'eth_getTransactionByHash', [hash])) === null) {
      throw new RpcError({ code: -32_000, message: `the devnet restarted and refused the transaction: ${cause}` });
    }
  }

  async #mineOnTime(): Promise<void> {
    let last = performance.now();
    while (!this.#stopping) {
      await sleep(250);
      const active = performance.now() - this.#lastActivity < activeForMs;
      if (performance.now() - last < (active ? activeBlockMs : idleBlockMs)) continue;
      last = performance.now();
      await this.#inTurn(() => this.#mineEmptyBlock()).catch((error: unknown) => this.#log(`block missed: ${error}`));
    }
  }

  async #mineEmptyBlock(): Promise<void> {
    if (this.#stopping) return;
    if (this.#journal.length >= entriesPerCheckpoint) await this.#saveCheckpoint();
    const { url } = await this.#anvil;
    const entry: JournalEntry = { kind: 'block', timestamp: this.#nextTimestamp() };
    this.#write(entry, false);
    await this.#execute(url, entry, true);
  }

  async #saveCheckpoint(): Promise<void> {
    if (this.#journal.length === 0) return;
    const state = (await callRpc((await this.#anvil).url, 'anvil_dumpState', [])) as string;
    const checkpoint: Checkpoint = { ...this.#checkpoint, waiting: [...this.#waiting.values()], state };
    this.#journal.replaceBy(checkpoint);
    this.#checkpoint = checkpoint;
    this.#entries = [];
  }
}
