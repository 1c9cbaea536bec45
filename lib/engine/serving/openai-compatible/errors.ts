/** No server of the fleet could answer: all are down, starting, or broke off. Nothing is wrong with the request. */
export class FleetUnavailableError extends Error {
  readonly code = 'fleet_unavailable';
  override readonly name = 'FleetUnavailableError';
  /** When another try is worth it. */
  readonly retryAfterSeconds = 10;
}

/** The fleet refused to load the adapter: files not where the fleet looks, rank above its limit, modules it lacks. */
export class FleetAdapterError extends Error {
  readonly code = 'fleet_adapter_refused';
  override readonly name = 'FleetAdapterError';
}

/**
 * One server failed; before the first token another may be asked. down: it does not answer; busy: it has enough to do;
 * forgot-adapter: it was restarted and lost the adapter; failed: this answer alone.
 */
export class ReplicaError extends Error {
  override readonly name = 'ReplicaError';
  readonly kind: 'down' | 'busy' | 'forgot-adapter' | 'failed';

  constructor(kind: ReplicaError['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}
