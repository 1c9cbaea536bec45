import { describe, expect, it } from 'vitest';
import {
  bestMark,
  checkpointAdapterId,
  checkpointsKeptMax,
  foldMarks,
  keptMarks,
  noMarks,
  parseCheckpointAdapterId,
} from './checkpoint-marks.ts';

const hashOf = (step: number) => String(step).padStart(64, '0');
const saved = (step: number, more: object = {}) => ({
  type: 'checkpoint',
  data: { step, sha256: hashOf(step), ...more },
});
const measured = (step: number, loss: number) => ({ type: 'eval', data: { step, loss } });
const fold = (events: { type: string; data: Record<string, unknown> }[]) => events.reduce(foldMarks, noMarks).marks;

describe('checkpoints of a run', () => {
  it('have the loss of their step, also when it is measured after a resume, and none twice', () => {
    const marks = fold([
      measured(0, 5),
      measured(2, 4),
      saved(2, { bytes: 10 }),
      saved(3), // a stop, before its measurement
      { type: 'started', data: { resumedStep: 3 } },
      measured(3, 3.5),
      saved(5, { stored: false }),
      saved(6),
      { type: 'started', data: { resumedStep: 3 } },
      saved(6),
    ]);
    expect(marks.map(({ step, heldOutLoss, bytes }) => [step, heldOutLoss, bytes])).toEqual([
      [2, 4, 10],
      [3, 3.5, null],
      [6, null, null],
    ]);
    expect(bestMark(marks)?.step).toBe(3);
  });

  it('are few, the newest and the best among them, and what was dropped is not wanted again', () => {
    const dropped = new Set<number>();
    let marks = noMarks;
    for (let step = 1; step <= 700; step++) {
      marks = foldMarks(foldMarks(marks, measured(step, Math.abs(step - 333))), saved(step));
      const kept = keptMarks(marks.marks).map((mark) => mark.step);
      expect(kept.length).toBeLessThanOrEqual(checkpointsKeptMax);
      expect(kept.filter((one) => dropped.has(one))).toEqual([]);
      expect(kept).toEqual(expect.arrayContaining([step, Math.max(1, step - 4), Math.min(step, 333)]));
      for (const mark of marks.marks) if (!kept.includes(mark.step)) dropped.add(mark.step);
    }
    expect(dropped.size).toBeGreaterThan(600);
  });

  it('are named by run, step and bytes', () => {
    const id = checkpointAdapterId('run_01ab', { step: 40, sha256: 'f'.repeat(64) });
    expect(parseCheckpointAdapterId(id)).toEqual({ runId: 'run_01ab', step: 40, hashStart: 'f'.repeat(16) });
    expect(id).toMatch(/^[A-Za-z0-9_]{1,80}$/); // what the serve process takes for a name
    expect(parseCheckpointAdapterId('ad_01ab')).toBeNull();
    expect(parseCheckpointAdapterId(`ckpt_../x_1_${'f'.repeat(16)}`)).toBeNull();
  });
});
