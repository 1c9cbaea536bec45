import type { Feeds, OrtSession, TensorData } from '../runtime/ort-session.ts';
import { TrainingError } from './errors.ts';

/** The flat parameters and AdamW moments, kept twice: a step reads one copy and writes the other. */
export class OptimizerState {
  theta: Float32Array;
  m: Float32Array;
  v: Float32Array;
  private spare: { theta: Float32Array; m: Float32Array; v: Float32Array };

  constructor(
    theta: Float32Array,
    m: Float32Array = new Float32Array(theta.length),
    v: Float32Array = new Float32Array(theta.length),
  ) {
    this.theta = theta;
    this.m = m;
    this.v = v;
    const { length } = theta;
    this.spare = { theta: new Float32Array(length), m: new Float32Array(length), v: new Float32Array(length) };
  }

  /**
   * Runs one training graph and takes its result over, unless the loss or the gradient is not finite.
   * @throws TrainingError training_diverged; the state is then the one before the step
   */
  async step(session: OrtSession, feeds: Feeds): Promise<{ loss: number; gradNorm: number }> {
    const outputs = await this.run(session, feeds);
    const loss = Number(outputs.loss![0]);
    return { loss, gradNorm: this.takeOver(loss, Number(outputs.gradNorm![0])) };
  }

  /** As `step` with a graph that is the optimiser alone: `loss` is that of the gradient among the feeds. */
  async update(session: OrtSession, feeds: Feeds, loss: number): Promise<number> {
    const outputs = await this.run(session, feeds);
    return this.takeOver(loss, Number(outputs.gradNorm![0]));
  }

  private run(session: OrtSession, feeds: Feeds): Promise<Record<string, TensorData>> {
    const { theta, m, v, spare } = this;
    return session.run({ ...feeds, theta, m, v }, { nextTheta: spare.theta, nextM: spare.m, nextV: spare.v });
  }

  private takeOver(loss: number, gradNorm: number): number {
    if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
      throw new TrainingError('training_diverged', `The loss became ${loss} (gradient norm ${gradNorm}).`);
    }
    const { theta, m, v, spare } = this;
    this.theta = spare.theta;
    this.m = spare.m;
    this.v = spare.v;
    this.spare = { theta, m, v };
    return gradNorm;
  }
}
