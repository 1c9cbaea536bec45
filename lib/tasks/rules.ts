/** After so long an open task lapses: what was held for it is given back, and it takes no calls any more. */
export const taskOpenMs = 24 * 60 * 60 * 1000;
/** How far the clock of an app may be off when it signs. */
const clockMs = 10 * 60 * 1000;

/** Whether a time that an app signed is now, within ten minutes. */
export function isNow(signedAt: string, now: Date): boolean {
  return Math.abs(Date.parse(signedAt) - now.getTime()) <= clockMs;
}
