import { POST as chat } from '#app/api/v1/chat/completions/route.ts';
import { POST as text } from '#app/api/v1/completions/route.ts';
import type { KeyedRoutes } from './answer-keyed-requests.ts';

/** The routes whose time to the first token counts. Without a key, and while developing, Next calls them. */
export const keyedRoutes: KeyedRoutes = new Map([
  ['/api/v1/chat/completions', chat],
  ['/api/v1/completions', text],
]);
