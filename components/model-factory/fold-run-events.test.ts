import { describe, expect, it } from 'vitest';
import type { RunEvent } from '#lib/model-factory/types.ts';
import { bestStep, emptyProgress, foldRunEvents } from './fold-run-events.ts';

const event = (seq: number, type: string, data: Record<string, unknown> = {}): RunEvent => ({
  seq,
  type,
  data,
  at: '2026-01-01T00:00:00.000Z',
});
const step = (seq: number, at: number, loss: number) =>
  event(seq, 'step', { step: at, loss, epoch: 1, tokensPerSecond: 900, etaSeconds: 5 });

describe('foldRunEvents', () => {
  it('puts training loss and held-out loss of one step on one point', () => {
    const progress = foldRunEvents(emptyProgress, [
      event(1, 'started', { totalSteps: 40, trainableParams: 7, trainTokens: 99, resumedStep: 0 }),
      event(2, 'eval', { step: 0, loss: 5, baseLoss: 5 }),
      step(3, 1, 4.9),
      step(4, 2, 4.5),
      event(5, 'eval', { step: 2, loss: 4.4, baseLoss: 5 }),
    ]);
    expect(progress.points).toEqual([
      { step: 0, loss: null, heldOut: 5 },
      { step: 1, loss: 4.9, heldOut: null },
      { step: 2, loss: 4.5, heldOut: 4.4 },
    ]);
    expect(bestStep(progress.points)).toBe(2);
    const done = foldRunEvents(progress, [
      event(6, 'eval', { step: 3, loss: 4.6, baseLoss: 5 }),
      event(7, 'done', { adapterStep: 2 }),
    ]);
    expect([bestStep(done.points), done.adapterStep]).toEqual([2, 2]);
    expect(bestStep(progress.points.slice(0, 2))).toBeNull();
    expect(progress).toMatchObject({ step: 2, totalSteps: 40, baseLoss: 5, tokensPerSecond: 900, seq: 5 });
  });

  it('takes back what lies beyond the checkpoint that a resumed run starts from', () => {
    const stopped = foldRunEvents(emptyProgress, [
      event(1, 'started', { totalSteps: 9, resumedStep: 0 }),
      step(2, 1, 4),
      step(3, 2, 3.9),
      event(4, 'checkpoint', { step: 1 }),
      step(5, 3, 3.8),
    ]);
    const resumed = foldRunEvents(stopped, [
      event(6, 'resumed', { step: 1 }),
      event(7, 'started', { totalSteps: 9, resumedStep: 1 }),
      step(8, 2, 3.9),
    ]);
    expect(resumed.points.map((point) => point.step)).toEqual([1, 2]);
    expect(resumed.step).toBe(2);
  });

  it('changes nothing when a reconnected stream repeats events', () => {
    const events = [step(1, 1, 4), step(2, 2, 3)];
    const once = foldRunEvents(emptyProgress, events);
    expect(foldRunEvents(once, events)).toEqual(once);
  });

  it('keeps every measurement when it thins a long run', () => {
    const events = Array.from({ length: 4_000 }, (_, i) =>
      i % 100 === 99 ? event(i + 1, 'eval', { step: i, loss: 2, baseLoss: 5 }) : step(i + 1, i, 3),
    );
    let progress = emptyProgress;
    for (let i = 0; i < events.length; i += 500) progress = foldRunEvents(progress, events.slice(i, i + 500));
    expect(progress.points.length).toBeLessThanOrEqual(1_600);
    expect(progress.points.filter((point) => point.heldOut !== null)).toHaveLength(40);
  });
});
