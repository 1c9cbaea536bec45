import { type Dialect, readRefusal } from './dialect.ts';
import { FleetAdapterError, ReplicaError } from './errors.ts';

export type ReplicaOptions = {
  url: string;
  dialect: Dialect;
  apiKey: string | undefined;
  maxLoras: number;
  loadTimeoutMs: number;
  now: () => number;
};

/** unknown: not asked yet; refused: it answers, but serves something else than our base. */
export type ReplicaState = 'unknown' | 'up' | 'down' | 'refused';

type Loaded = { dir: string; ready: Promise<void>; users: number; isPinned: boolean; lastUse: number };
type ModelList = {
  data: { id: string; root?: string | null; parent?: string | null; max_model_len?: number | null }[];
};

/**
 * One server of the fleet as we know it: whether it is up, how many answers of ours it is writing, and which adapters it
 * holds. Loading and unloading one adapter never overlap; callers that want the same adapter share one load.
 */
export class Replica {
  readonly url: string;
  state: ReplicaState = 'unknown';
  /** Why it is not up. */
  reason = 'was not asked yet';
  inFlight = 0;
  baseName = '';
  /** As the server limits prompt and answer together; Infinity until it told. */
  contextTokens = Number.POSITIVE_INFINITY;
  evictions = 0;
  private readonly options: ReplicaOptions;
  private uses = 0;
  private readonly loaded = new Map<string, Loaded>();
  /** Unloads under way: a load of the same adapter waits for its own. */
  private readonly leaving = new Map<string, Promise<void>>();

  constructor(options: ReplicaOptions) {
    this.options = options;
    this.url = options.url.replace(/\/+$/, '');
  }

  adapters(): { id: string; users: number; isPinned: boolean }[] {
    return [...this.loaded].map(([id, { users, isPinned }]) => ({ id, users, isPinned }));
  }

  has(adapterId: string): boolean {
    return this.loaded.has(adapterId);
  }

  /** Room for an adapter that is not there yet: a free place, or one whose adapter nobody uses. */
  hasRoom(): boolean {
    return this.loaded.size < this.options.maxLoras || this.findLeastRecentlyUsed() !== null;
  }

  markDown(reason: string): void {
    this.state = 'down';
    this.reason = reason;
  }

  /** The adapter's load died with the server (it was restarted), so the next request loads it again. */
  forget(adapterId: string): void {
    this.loaded.delete(adapterId);
  }

  /**
   * Loads the adapter unless it is there, dropping the least recently used idle one at the limit, and keeps it until the
   * returned function is called. @throws FleetAdapterError if the server refuses it, ReplicaError if it fails
   */
  async acquire(adapterId: string, dir: string): Promise<{ release: () => void; loadMs: number | null }> {
    const begunMs = this.options.now();
    const before = this.loaded.get(adapterId);
    const isHere = before?.dir === dir;
    const entry = isHere ? before : this.begin(adapterId, dir);
    entry.users++;
    entry.lastUse = ++this.uses;
    const release = () => {
      entry.users--;
      entry.lastUse = ++this.uses;
    };
    try {
      await entry.ready;
    } catch (error) {
      release();
      throw error;
    }
    return { release, loadMs: isHere ? null : this.options.now() - begunMs };
  }

  pin(adapterId: string): void {
    const entry = this.loaded.get(adapterId);
    if (entry) entry.isPinned = true;
  }

  /** False if it is not there or in use. */
  async unload(adapterId: string): Promise<boolean> {
    const entry = this.loaded.get(adapterId);
    if (!entry || entry.users > 0) return false;
    this.loaded.delete(adapterId);
    await this.leave(adapterId);
    return true;
  }

  /**
   * Asks whether the server is up, which base it serves and which adapters it holds. Those it lost in a restart are
   * forgotten, those that it has from an earlier run of ours are taken over.
   */
  async refresh(timeoutMs: number): Promise<void> {
    const health = await this.request('GET', '/health', undefined, timeoutMs);
    await health.body?.cancel();
    if (!health.ok) throw new ReplicaError('down', `/health answered ${health.status}`);
    const response = await this.request('GET', '/v1/models', undefined, timeoutMs);
    if (!response.ok) throw new ReplicaError('down', `/v1/models answered ${response.status}`);
    const { data } = (await response.json()) as ModelList;
    const base = data.find(({ parent }) => !parent);
    if (!base) throw new ReplicaError('down', '/v1/models lists no base model');
    this.baseName = base.id;
    this.contextTokens = base.max_model_len ?? Number.POSITIVE_INFINITY;
    this.reconcile(data);
  }

  /** The server's own tokens for a text, or null where it has no such endpoint. */
  async tokenize(text: string, timeoutMs: number): Promise<number[] | null> {
    const body = { model: this.baseName, prompt: text, add_special_tokens: false };
    const response = await this.request('POST', '/tokenize', body, timeoutMs);
    if (!response.ok) {
      await response.body?.cancel();
      return null;
    }
    return ((await response.json()) as { tokens?: number[] }).tokens ?? null;
  }

  /** One HTTP request with the fleet's key. @throws ReplicaError of kind `down` if there is no answer in time */
  async request(
    method: 'GET' | 'POST',
    path: string,
    body: unknown,
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<Response> {
    const { apiKey } = this.options;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeoutMs);
    try {
      return await fetch(`${this.url}${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(apiKey ? { authorization: `Bearer ${apiKey}` } : {}),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, late.signal]) : late.signal,
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      const why = late.signal.aborted ? `did not answer in ${timeoutMs / 1000} s` : 'refused the connection';
      throw new ReplicaError('down', `${this.url} ${why}`, cause);
    } finally {
      clearTimeout(timer);
    }
  }

  private begin(adapterId: string, dir: string): Loaded {
    const isStale = this.loaded.has(adapterId); // under this id from another folder
    const isFull = this.loaded.size >= this.options.maxLoras && !isStale;
    const victim = isStale ? adapterId : isFull ? this.findLeastRecentlyUsed() : null;
    if (isFull && victim === null) throw new ReplicaError('busy', `${this.url} uses all of its adapter places`);
    if (isFull) this.evictions++;
    if (victim !== null) this.loaded.delete(victim);
    const ready = this.load(adapterId, dir, victim);
    const entry: Loaded = { dir, ready, users: 0, isPinned: false, lastUse: 0 };
    this.loaded.set(adapterId, entry);
    ready.catch(() => this.loaded.get(adapterId) === entry && this.loaded.delete(adapterId));
    return entry;
  }

  private async load(adapterId: string, dir: string, victim: string | null): Promise<void> {
    if (victim !== null) await this.leave(victim);
    await this.leaving.get(adapterId);
    await this.change(this.options.dialect.loadPath, { lora_name: adapterId, lora_path: dir }, 'already-loaded');
  }

  private async leave(adapterId: string): Promise<void> {
    const left = this.change(this.options.dialect.unloadPath, { lora_name: adapterId }, 'not-loaded');
    this.leaving.set(
      adapterId,
      left.catch(() => {}),
    );
    await left.finally(() => this.leaving.delete(adapterId));
  }

  private async change(path: string, body: object, harmless: 'already-loaded' | 'not-loaded'): Promise<void> {
    const response = await this.request('POST', path, body, this.options.loadTimeoutMs);
    const text = await response.text();
    if (response.ok) return;
    const refusal = readRefusal(text);
    if (refusal === harmless) return;
    const said = `${this.url}${path} answered ${response.status}: ${text.slice(0, 300)}`;
    if (refusal === 'full') throw new ReplicaError('busy', said);
    if (response.status === 401 || response.status === 403) throw new ReplicaError('down', said);
    // vLLM has no such route unless VLLM_ALLOW_RUNTIME_LORA_UPDATING is set.
    if (refusal === 'no-route') throw new ReplicaError('down', `${said} (is loading at run time switched on?)`);
    if (response.status >= 502) throw new ReplicaError('down', said);
    throw new FleetAdapterError(said);
  }

  private reconcile(data: ModelList['data']): void {
    const there = new Map(data.filter(({ parent }) => parent).map(({ id, root }) => [id, root ?? '']));
    for (const [id, { users }] of this.loaded) if (users === 0 && !there.has(id)) this.loaded.delete(id);
    for (const [id, dir] of there) {
      if (this.loaded.has(id)) continue;
      this.loaded.set(id, { dir, ready: Promise.resolve(), users: 0, isPinned: false, lastUse: 0 });
    }
  }

  private findLeastRecentlyUsed(): string | null {
    const idle = [...this.loaded].filter(([, { users, isPinned }]) => users === 0 && !isPinned);
    idle.sort(([, a], [, b]) => a.lastUse - b.lastUse);
    return idle[0]?.[0] ?? null;
  }
}
