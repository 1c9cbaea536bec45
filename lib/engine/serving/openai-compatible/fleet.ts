import { setTimeout as sleep } from 'node:timers/promises';
import { QueueFullError } from '../errors.ts';
import { FleetUnavailableError, ReplicaError } from './errors.ts';
import { Replica, type ReplicaOptions } from './replica.ts';

export type FleetOptions = Omit<ReplicaOptions, 'url'> & {
  urls: readonly string[];
  /** Answers that one server writes for us at the same time. */
  maxInFlight: number;
  healthIntervalMs: number;
  healthTimeoutMs: number;
  /** A text and its tokens under our tokenizer: a server that spells it otherwise serves another model. */
  probe: { text: string; ids: readonly number[] };
};

/** The servers of one base model: watches their health and chooses one for each answer. */
export class Fleet {
  readonly replicas: readonly Replica[];
  private readonly options: FleetOptions;
  private readonly closing = new AbortController();

  constructor(options: FleetOptions) {
    this.options = options;
    this.replicas = options.urls.map((url) => new Replica({ ...options, url }));
  }

  /** Asks every server once, then keeps asking until `close`. Servers that are still starting are no failure. */
  async open(): Promise<void> {
    await Promise.all(this.replicas.map((replica) => this.check(replica)));
    for (const replica of this.replicas) void this.watch(replica);
  }

  close(): void {
    this.closing.abort();
  }

  get inFlight(): number {
    return this.replicas.reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  /** The smallest context that a server told. */
  get contextTokens(): number {
    return Math.min(...this.replicas.map(({ contextTokens }) => contextTokens));
  }

  /**
   * The least loaded server that has the adapter; when none of those has room for an answer, the least loaded other one
   * that can take the adapter in. `tried` are not asked again.
   *
   * @throws FleetUnavailableError when no server is up, QueueFullError when all that are have enough to do
   */
  choose(adapterId: string | null, tried: ReadonlySet<Replica>): Replica {
    const up = this.replicas.filter(({ state }) => state === 'up');
    if (up.length === 0) throw new FleetUnavailableError(`No server of the fleet is up: ${this.describe()}.`);
    const free = up.filter((replica) => !tried.has(replica) && replica.inFlight < this.options.maxInFlight);
    const holding = free.filter((replica) => adapterId === null || replica.has(adapterId));
    const others = free.filter((replica) => replica.hasRoom());
    const chosen = leastLoaded(holding) ?? leastLoaded(others);
    if (!chosen) throw new QueueFullError(up.length * this.options.maxInFlight, 2);
    return chosen;
  }

  /** Whether a server is left that is up and was not asked yet. */
  canTry(tried: ReadonlySet<Replica>): boolean {
    return this.replicas.some((replica) => replica.state === 'up' && !tried.has(replica));
  }

  /** Each server and why it cannot be asked. */
  describe(): string {
    return this.replicas.map(({ url, state, reason }) => (state === 'up' ? url : `${url}: ${reason}`)).join('; ');
  }

  private async watch(replica: Replica): Promise<void> {
    const { signal } = this.closing;
    while (!signal.aborted) {
      await sleep(this.options.healthIntervalMs, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await this.check(replica);
    }
  }

  private async check(replica: Replica): Promise<void> {
    const { healthTimeoutMs, probe } = this.options;
    try {
      await replica.refresh(healthTimeoutMs);
      const told = replica.state === 'up' ? probe.ids : await replica.tokenize(probe.text, healthTimeoutMs);
      const isSame = told === null || told.join() === probe.ids.join();
      replica.state = isSame ? 'up' : 'refused';
      if (!isSame) replica.reason = `serves ${replica.baseName}, whose tokenizer is not this base model's`;
    } catch (error) {
      replica.markDown(
        error instanceof ReplicaError ? error.message : `answered nonsense (${(error as Error).message})`,
      );
    }
  }
}

function leastLoaded(replicas: readonly Replica[]): Replica | undefined {
  return replicas.toSorted((a, b) => a.inFlight - b.inFlight)[0];
}
