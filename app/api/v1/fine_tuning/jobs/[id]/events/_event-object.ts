import type { JobEvent } from '#lib/fine-tuning/list-job-events.ts';

/** What a run said, in OpenAI's shape: a sentence, and its figures under OpenAI's names where it has them. */
export function toEventObject(runId: string, { seq, type, data, at }: JobEvent) {
  const metrics = metricsOf(type, data);
  return {
    id: `ftevent_${runId.slice(-16)}_${seq}`,
    object: 'fine_tuning.job.event',
    created_at: Math.floor(at.getTime() / 1000),
    level: type === 'failed' ? 'error' : 'info',
    message: messageOf(type, data),
    type: metrics ? 'metrics' : 'message',
    data: metrics ?? data,
  };
}

function metricsOf(type: string, data: Record<string, unknown>) {
  if (type === 'step') return { step: data.step, train_loss: data.loss, learning_rate: data.learningRate };
  if (type === 'eval') return { step: data.step, valid_loss: data.loss, base_valid_loss: data.baseLoss };
  return null;
}

function messageOf(type: string, data: Record<string, unknown>): string {
  switch (type) {
    case 'started':
      return `Training began: ${data.totalSteps} steps over ${data.trainTokens} tokens; ${data.heldOutExamples} rows are held out.`;
    case 'step':
      return `Step ${data.step}: training loss=${data.loss}`;
    case 'eval':
      return `Step ${data.step}: loss on held-out rows=${data.loss}, of the base model=${data.baseLoss}`;
    case 'checkpoint':
      return `Checkpoint at step ${data.step}`;
    case 'index':
      return 'The rows’ influence is being indexed';
    case 'stored':
      return 'The adapter is stored';
    case 'cancelled':
      return `Cancelled at step ${data.step}`;
    case 'done':
      return `Training ended: loss on held-out rows=${data.evalLoss}, of the base model=${data.baseEvalLoss}`;
    default:
      return typeof data.message === 'string' ? data.message : type;
  }
}
