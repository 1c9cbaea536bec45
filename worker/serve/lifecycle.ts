/** The process ends, so no new request is taken; running ones may finish. */
export class DrainingError extends Error {
  readonly code = 'draining';
  override readonly name = 'DrainingError';
  readonly retryAfterSeconds = 3; // the launcher has started a new one by then
}

/** starting: sockets open, base models not yet; taking: ready; draining: lets running requests end. */
export class Lifecycle {
  state: 'starting' | 'taking' | 'draining' = 'starting';
  running = 0;
  private wake: () => void = () => {};

  /** @throws DrainingError; a request that comes while models are being opened waits for its own */
  assertTaking(): void {
    if (this.state === 'draining') throw new DrainingError('The model server is being restarted.');
  }

  /** Counts a request until the returned function is called. */
  begin(): () => void {
    this.running++;
    return () => {
      this.running--;
      this.wake();
    };
  }

  /** Takes nothing more; resolves when nothing runs, or after `graceMs`. Says how many are left. */
  async drain(graceMs: number): Promise<number> {
    this.state = 'draining';
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs);
    });
    const idle = new Promise<void>((resolve) => {
      this.wake = () => this.running === 0 && resolve();
      this.wake();
    });
    await Promise.race([idle, late]);
    clearTimeout(timer);
    return this.running;
  }
}
