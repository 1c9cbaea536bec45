/** An adapter folder that is broken or uses a PEFT feature that the engine does not run; the message names it. */
export class AdapterFormatError extends Error {
  readonly code = 'adapter_invalid';
  override readonly name = 'AdapterFormatError';
}

/** The adapter was trained for another base: a tensor is missing, superfluous or of another shape. */
export class AdapterMismatchError extends Error {
  readonly code = 'adapter_mismatch';
  override readonly name = 'AdapterMismatchError';
}
