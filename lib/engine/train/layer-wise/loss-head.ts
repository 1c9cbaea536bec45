import type { LlamaConfig } from '../../nn/config.ts';
import type { OrtSession } from '../../runtime/ort-session.ts';
import type { MicroBatch } from '../batches.ts';

/**
 * Runs the loss head over the positions of a micro-batch that carry loss, some at a time. The others have a loss and a
 * gradient of 0: prompts and padding cost nothing here.
 *
 * @param states [B*T, d] after the last block
 * @param session of `headGraph` for `tokens` positions
 * @param weights of the head
 * @param dStates [B*T, d], overwritten with the gradient; null: the losses alone
 * @returns weighted losses [B*T]
 */
export async function runLossHead(
  config: LlamaConfig,
  session: OrtSession,
  tokens: number,
  weights: Readonly<Record<string, Float32Array>>,
  states: Float32Array,
  { feeds }: MicroBatch,
  dStates: Float32Array | null,
): Promise<Float32Array> {
  const width = config.hidden_size;
  const losses = new Float32Array(feeds.labels.length);
  const positions = [...feeds.lossWeights.keys()].filter((at) => feeds.lossWeights[at] !== 0);
  const x = new Float32Array(tokens * width);
  const [labels, lossWeights] = [new Int32Array(tokens), new Float32Array(tokens)];
  dStates?.fill(0);
  for (let start = 0; start < positions.length; start += tokens) {
    const part = positions.slice(start, start + tokens);
    lossWeights.fill(0);
    for (const [i, at] of part.entries()) {
      x.set(states.subarray(at * width, (at + 1) * width), i * width);
      labels[i] = feeds.labels[at]!;
      lossWeights[i] = feeds.lossWeights[at]!;
    }
    const outputs = await session.run({ ...weights, x, labels, lossWeights });
    const dx = outputs.dx as Float32Array;
    for (const [i, at] of part.entries()) {
      losses[at] = Number(outputs.losses![i]);
      dStates?.set(dx.subarray(i * width, (i + 1) * width), at * width);
    }
  }
  return losses;
}
