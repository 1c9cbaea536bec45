import { OriginRefusedError } from '#lib/platform/auth/errors.ts';
import type { Deps } from '#lib/platform/deps.ts';

/**
 * Refuses writes that do not come from our own pages (CSRF). Next lets server actions without an Origin header pass and
 * never looks at route handlers, so this check stands in front of both. Browsers always send Origin on writes.
 */
export function checkOrigin(deps: Pick<Deps, 'env'>, headers: Headers): void {
  const expected = new URL(deps.env.APP_URL).origin;
  const origin = headers.get('origin');
  if (origin !== expected) throw new OriginRefusedError(origin, expected);
}
