/** Why a run failed: a stable code, and a sentence for the person who started it. */
export type RunFailureCause = { code: string; message: string };

/** Codes of lib/engine for a base's folder that is not what it was when the run was launched. */
const baseFaults: Record<string, true> = {
  model_dir_invalid: true,
  model_config_invalid: true,
  safetensors_invalid: true,
  tokenizer_invalid: true,
};

/** Texts by which memory that ran out is known: of V8, of onnxruntime, of the system. */
const outOfMemory = /out of memory|allocation failed|failed to allocate|bad_alloc|ENOMEM|ERR_WORKER_OUT_OF_MEMORY/i;

/**
 * Engine errors and ours carry a code and a sentence; of the rest, what can be told by its text is named, and anything else is
 * ours to look at: its text may hold a path of this machine, so it is not shown.
 */
export function describeFailure(error: unknown): RunFailureCause {
  const { code, message } = readError(error);
  if (outOfMemory.test(`${code} ${message}`))
    return {
      code: 'out_of_memory',
      message: 'The training needed more memory than the server has.',
    };
  if (/ENOSPC/.test(`${code} ${message}`))
    return { code: 'disk_full', message: 'The server’s disk is full. Your checkpoint is kept.' };
  if (code in baseFaults || (code === 'ENOENT' && /config\.json|tokenizer|safetensors/.test(message)))
    return { code: 'base_missing', message: 'The base model is missing on this server, or cannot be read any more.' };
  if (/^[a-z_]+$/.test(code)) return { code, message };
  return { code: 'training_failed', message: 'The training failed for a reason on our side.' };
}

function readError(error: unknown): { code: string; message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const { code } = error as { code?: unknown };
  return { code: typeof code === 'string' ? code : '', message: error.message };
}
