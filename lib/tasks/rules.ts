/** After so long an open task lapses: what was held for it is given back, and it takes no calls any more. */
export const taskOpenMs = 24 * 60 * 60 * 1000;
/** lapsed: a day passed and nobody closed it; what was held was given back. */
export type TaskStatus = 'open' | 'accepted' | 'closed' | 'lapsed';

/** Where a stored task stands. A lapsed one is closed without a receipt, or is about to be. */
export function taskStatus(
  task: { status: 'open' | 'accepted' | 'closed'; receiptHash: string | null; openedAt: Date },
  now: Date,
): TaskStatus {
  const isLapsed = !task.receiptHash && now.getTime() - task.openedAt.getTime() > taskOpenMs;
  return isLapsed ? 'lapsed' : task.status;
}

/** How far the clock of an app may be off when it signs. */
const clockMs = 10 * 60 * 1000;

/** Whether a time that an app signed is now, within ten minutes. */
export function isNow(signedAt: string, now: Date): boolean {
  return Math.abs(Date.parse(signedAt) - now.getTime()) <= clockMs;
}
