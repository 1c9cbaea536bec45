import { QueueFullError } from './errors.ts';

/**
 * Bounds how many requests an engine holds, in all and of one caller, so that memory and waiting times stay bounded and
 * one caller cannot take every place.
 */
export class AdmissionGate {
  rejected = 0;
  private readonly limits: { maxSlots: number; maxQueued: number };
  private readonly byCaller = new Map<string, number>();
  private inside = 0;
  /** Smoothed time that a request stays, ms; null before the first has left. */
  private stayMs: number | null = null;

  constructor(limits: { maxSlots: number; maxQueued: number }) {
    this.limits = limits;
  }

  /** Returns what to call when the request is over; calling it twice does nothing. @throws QueueFullError */
  enter(caller?: string): () => void {
    const { maxSlots, maxQueued } = this.limits;
    if (this.inside >= maxSlots + maxQueued) throw this.refuse(this.inside - maxSlots);
    const own = caller === undefined ? 0 : (this.byCaller.get(caller) ?? 0);
    if (own >= maxSlots + Math.ceil(maxQueued / 2)) throw this.refuse(own - maxSlots);
    const enteredAtMs = performance.now();
    this.inside++;
    if (caller !== undefined) this.byCaller.set(caller, own + 1);
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.inside--;
      const stayedMs = performance.now() - enteredAtMs;
      this.stayMs = this.stayMs === null ? stayedMs : 0.9 * this.stayMs + 0.1 * stayedMs;
      if (caller === undefined) return;
      const left = this.byCaller.get(caller)! - 1;
      if (left > 0) this.byCaller.set(caller, left);
      else this.byCaller.delete(caller);
    };
  }

  /** Places free at about the rate of all requests inside a stay; a place for one more is due after that share of it. */
  private refuse(waiting: number): QueueFullError {
    this.rejected++;
    const placeMs = (this.stayMs ?? 1000) / Math.max(1, this.inside);
    return new QueueFullError(waiting, Math.max(1, Math.ceil(placeMs / 1000)));
  }
}
