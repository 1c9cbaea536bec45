import { describe, expect, it } from 'vitest';
import { AdmissionGate } from './admission-gate.ts';
import { QueueFullError } from './errors.ts';
import { FairQueue } from './fair-queue.ts';

type Item = { caller: string; priority: number; n: number };
const item = (caller: string, n: number, priority = 0): Item => ({ caller, n, priority });

/** The order in which a server with `slots` places takes the items, each being over when a place is needed. */
function serve(queue: FairQueue<Item>, slots: number): string[] {
  const order: string[] = [];
  const inService: Item[] = [];
  while (queue.size > 0) {
    if (inService.length === slots) queue.done(inService.shift()!);
    const next = queue.shift()!;
    inService.push(next);
    order.push(`${next.caller}${next.n}`);
  }
  return order;
}

describe('FairQueue', () => {
  it('serves a late caller before the rest of an early one’s thousand requests', () => {
    const queue = new FairQueue<Item>();
    for (let n = 0; n < 1000; n++) queue.push(item('a', n));
    for (let i = 0; i < 4; i++) queue.shift();
    queue.push(item('b', 0));
    queue.push(item('c', 0));
    queue.push(item('b', 1));
    const order = Array.from({ length: 4 }, () => queue.shift()).map((next) => `${next!.caller}${next!.n}`);
    // c had no turn yet when b had its first; a has four in service.
    expect(order).toEqual(['b0', 'c0', 'b1', 'a4']);
  });

  it('takes turns among callers and keeps each one’s order', () => {
    const queue = new FairQueue<Item>();
    for (let n = 0; n < 4; n++) queue.push(item('a', n));
    for (let n = 0; n < 2; n++) queue.push(item('b', n));
    expect(serve(queue, 1)).toEqual(['a0', 'b0', 'a1', 'b1', 'a2', 'a3']);
  });

  it('puts higher priorities first, whoever asks', () => {
    const queue = new FairQueue<Item>();
    queue.push(item('a', 0));
    queue.push(item('a', 1, 5));
    queue.push(item('b', 0, -1));
    queue.push(item('b', 1));
    expect(serve(queue, 4)).toEqual(['a1', 'b1', 'a0', 'b0']);
  });

  it('counts who waits and forgets who has left', () => {
    const queue = new FairQueue<Item>();
    for (const caller of ['a', 'a', 'b']) queue.push(item(caller, 0));
    expect([queue.size, queue.callers]).toEqual([3, 2]);
    expect(queue.removeIf(({ caller }) => caller === 'a')).toHaveLength(2);
    expect([queue.size, queue.callers]).toEqual([1, 1]);
    queue.done(queue.shift()!);
    expect(queue.shift()).toBeUndefined();
    expect([queue.size, queue.callers]).toEqual([0, 0]);
  });
});

describe('AdmissionGate', () => {
  it('bounds all requests, and those of one caller sooner', () => {
    const gate = new AdmissionGate({ maxSlots: 2, maxQueued: 4 });
    const leaves = Array.from({ length: 4 }, () => gate.enter('a'));
    expect(() => gate.enter('a')).toThrow(QueueFullError);
    gate.enter('b');
    gate.enter();
    expect(() => gate.enter('c')).toThrow('4 requests are waiting already; try again in 1 s.');
    expect(gate.rejected).toBe(2);
    leaves[0]!();
    leaves[0]!();
    gate.enter('c');
    expect(() => gate.enter('a')).toThrow(QueueFullError);
  });
});
