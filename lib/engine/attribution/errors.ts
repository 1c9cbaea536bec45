/** The adapter, base or index do not belong together, or the index file is broken; the message says which. */
export class AttributionIndexError extends Error {
  readonly code = 'attribution_index_invalid';
  override readonly name = 'AttributionIndexError';
}

/** An answer that cannot be replayed: no completion, or longer than the context. */
export class AttributionQueryError extends Error {
  readonly code = 'attribution_query_invalid';
  override readonly name = 'AttributionQueryError';
}

/** The caller aborted, or closed the engine, before the work was done. */
export class AttributionStoppedError extends Error {
  readonly code = 'attribution_stopped';
  override readonly name = 'AttributionStoppedError';
}
