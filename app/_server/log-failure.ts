import 'server-only';
import { buildDeps } from './deps.ts';

/** Writes a failure under its request id. Settings may be what is wrong, and then there is no logger either. */
export function logFailure(error: unknown, requestId: string, code: string): void {
  try {
    buildDeps().log.error({ err: error, requestId, code }, 'a request failed');
  } catch {
    console.error('a request failed', requestId, code, error);
  }
}
