/** A checkpoint as a run's events tell of it. `heldOutLoss`: nats per token, where it was measured at this step. */
export type CheckpointMark = { step: number; sha256: string; bytes: number | null; heldOutLoss: number | null };

/** Checkpoints so far, oldest first, and the newest measurement, which comes before the checkpoint of its step. */
export type CheckpointMarks = { marks: readonly CheckpointMark[]; measured: { step: number; loss: number } | null };
export const noMarks: CheckpointMarks = { marks: [], measured: null };

/** The newest stay: training goes on from one of them, should the last be damaged. */
const newestKept = 5;
/** Of the older ones at most so many, evenly over the run. */
const spreadKept = 20;
/** Files that a run has at most: the newest, the best, and those in between. */
export const checkpointsKeptMax = newestKept + spreadKept + 1;

/** Adds what an event says; events of other types say nothing. A resumed run says what lies beyond its checkpoint again. */
export function foldMarks(
  before: CheckpointMarks,
  event: { type: string; data: Record<string, unknown> },
): CheckpointMarks {
  const { type, data } = event;
  const { marks, measured } = before;
  const step = numberOf(data.step);
  if (type === 'started') {
    const resumed = numberOf(data.resumedStep) ?? 0;
    return marks.some((mark) => mark.step > resumed)
      ? { marks: marks.filter((mark) => mark.step <= resumed), measured }
      : before;
  }
  if (step === null) return before;
  if (type === 'eval') {
    const loss = numberOf(data.loss);
    if (loss === null) return before;
    const again = marks.map((mark) => (mark.step === step ? { ...mark, heldOutLoss: loss } : mark));
    return { marks: again, measured: { step, loss } };
  }
  // `stored` false: the engine had replaced the file before it could be stored.
  if (type !== 'checkpoint' || typeof data.sha256 !== 'string' || data.stored === false) return before;
  const heldOutLoss = measured?.step === step ? measured.loss : null;
  const mark = { step, sha256: data.sha256, bytes: numberOf(data.bytes), heldOutLoss };
  return { marks: [...marks.filter((one) => one.step !== step), mark].sort((a, b) => a.step - b.step), measured };
}

/**
 * Which checkpoints' files stay: the newest five, the best, and of the others each n-th, n a power of two, so that what is dropped once is never
 * wanted later.
 */
export function keptMarks(marks: readonly CheckpointMark[]): CheckpointMark[] {
  let stride = 1;
  while (Math.ceil(marks.length / stride) > spreadKept) stride *= 2;
  const best = bestMark(marks);
  return marks.filter((mark, i) => i % stride === 0 || i >= marks.length - newestKept || mark === best);
}

/** The one with the lowest held-out loss, the first of several; null where none was measured. */
export function bestMark(marks: readonly CheckpointMark[]): CheckpointMark | null {
  let best: CheckpointMark | null = null;
  for (const mark of marks)
    if (mark.heldOutLoss !== null && (best === null || mark.heldOutLoss < best.heldOutLoss!)) best = mark;
  return best;
}

/** Name under which the serve process holds a checkpoint's adapter: the run, the step, and the beginning of the file's hash. */
export function checkpointAdapterId(runId: string, { step, sha256 }: Pick<CheckpointMark, 'step' | 'sha256'>): string {
  return `ckpt_${runId.slice(runId.indexOf('_') + 1)}_${step}_${sha256.slice(0, 16)}`;
}

/** What such a name says; null for every other id. */
export function parseCheckpointAdapterId(id: string): { runId: string; step: number; hashStart: string } | null {
  const match = /^ckpt_([a-z0-9]{1,40})_(\d{1,9})_([0-9a-f]{16})$/.exec(id);
  return match ? { runId: `run_${match[1]}`, step: Number(match[2]), hashStart: match[3]! } : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
