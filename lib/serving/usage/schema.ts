import { z } from 'zod';

/** The last `days`, today included. */
export const usageSchema = z.object({ days: z.coerce.number().int().min(1).max(366).default(30) });

/** Midnight (UTC) with which the span begins. */
export function usageFrom(now: Date, days: number): Date {
  const dayMs = 86_400_000;
  return new Date((Math.floor(now.getTime() / dayMs) - days + 1) * dayMs);
}
