import type { BuiltGraph } from '../../graph/builder.ts';
import { type ScopeOfB, scopedLayout } from '../../lora/layout-part.ts';
import type { Feeds, OrtSession } from '../../runtime/ort-session.ts';
import type { MicroBatch } from '../batches.ts';
import { drawLabels, probabilitiesGraph } from '../draw-labels.ts';
import { lengthOfB } from '../graphs.ts';
import { formOf } from '../monolithic-engine.ts';
import type { LabelDraws, StepEngine, StepEngineInput } from '../step-engine.ts';
import {
  type BlockInput,
  blockBackwardGraph,
  blockForwardGraph,
  blockLayout,
  blockWeightSpecs,
  keptInputs,
} from './block-graphs.ts';
import { headGraph, headTokens, headWeightSpecs } from './head-graphs.ts';
import { runLossHead } from './loss-head.ts';
import { type ActivationPlan, planActivations } from './plan-activations.ts';
import { rowPasses } from './row-passes.ts';

/** A block's backward pass: how its gradients come out. */
type Rows = 'summed' | 'A+B' | 'B';
/** What a forward pass leaves behind: the input of each layer, the last one's output, and kept results by layer. */
type Trace = { states: Float32Array[]; kept: Record<string, Float32Array>[] };
type ForwardPass = { theta: Float32Array; backward: OrtSession; trace: Trace };

/**
 * Three graphs, of one block forward, one block backward and the loss head, run once a layer with that layer's weights.
 *
 * Memory then holds one block's activations in place of all of them, and graphs compile in a fraction of a second whatever
 * the depth (Chen et al. 2016, arXiv 1604.06174, with every block a checkpoint). Between the passes the results of a
 * block's matrix products are kept as far as `planActivations` allows; else the backward pass computes them again.
 */
export class LayerWiseEngine implements StepEngine {
  private readonly input: StepEngineInput;
  private readonly id: string;
  private readonly layers: number;
  private readonly plan: (time: number) => ActivationPlan;
  private readonly plans = new Map<number, ActivationPlan>();
  private buffers: { key: string; trace: Trace } | null = null;

  /** @param plan of a row length; `planActivations` unless a test wants to choose */
  constructor(input: StepEngineInput, plan = (time: number) => planActivations(input.base.config, input.layout, time)) {
    this.input = input;
    this.plan = plan;
    this.id = `${input.base.sha256}|${JSON.stringify(input.layout.lora)}`;
    this.layers = input.base.config.num_hidden_layers;
  }

  async addGradient(theta: Float32Array, batch: MicroBatch, sum: Float32Array): Promise<number> {
    let loss = 0;
    for (const { batch: part, plan } of this.passes(batch)) {
      const take = (layer: number, gradient: Float32Array): void => {
        const own = sum.subarray(layer * gradient.length, (layer + 1) * gradient.length);
        for (let i = 0; i < gradient.length; i++) own[i]! += gradient[i]!;
      };
      for (const value of await this.pass(theta, part, plan, 'summed', take)) loss += value;
    }
    return loss;
  }

  async exampleGradients(theta: Float32Array, batch: MicroBatch, parts: 'A+B' | 'B') {
    const { layout } = this.input;
    const width = parts === 'B' ? lengthOfB(layout) : layout.length;
    const own = width / this.layers;
    const gradients = new Float32Array(batch.batch * width);
    const losses = await this.rowGradients(theta, batch, parts, 0, (layer, row, gradient) => {
      gradients.set(gradient, row * width + layer * own);
    });
    return { gradients, losses };
  }

  async topGradients(theta: Float32Array, batch: MicroBatch, scope: ScopeOfB) {
    const { length, take } = this.ofScope(scope);
    const gradients = new Float32Array(batch.batch * length);
    const losses = await this.rowGradients(theta, batch, 'B', scope.firstLayer, (layer, row, gradient) =>
      take(layer, gradient, gradients, row),
    );
    return { gradients, losses };
  }

  async labelledGradients(
    theta: Float32Array,
    batch: MicroBatch,
    labellings: readonly Int32Array[],
    { scope }: { scope: ScopeOfB },
  ) {
    const { length, take } = this.ofScope(scope);
    const gradients = labellings.map(() => new Float32Array(batch.batch * length));
    for (const { first, batch: part, plan } of this.passes(batch)) {
      const pass = await this.forwardPass(theta, part, plan, 'B');
      for (const [i, all] of labellings.entries()) {
        const labels = all.subarray(first * part.time, (first + part.batch) * part.time);
        await this.backwardPass(
          pass,
          { ...part, feeds: { ...part.feeds, labels } },
          scope.firstLayer,
          (layer, rows) => {
            const own = rows.length / part.batch;
            for (let row = 0; row < part.batch; row++) {
              take(layer, rows.subarray(row * own, (row + 1) * own), gradients[i]!, first + row);
            }
          },
        );
      }
    }
    return gradients;
  }

  /** Puts what of a layer's B gradients is in the scope where it belongs among the gradients of all rows, [B, length]. */
  private ofScope(scope: ScopeOfB) {
    const { base, layout } = this.input;
    const { length } = scopedLayout(layout, scope);
    const own = length / (this.layers - scope.firstLayer);
    const ofBlock = blockLayout(base.config, layout).entries.filter(({ part }) => part === 'B');
    const take = (layer: number, gradient: Float32Array, gradients: Float32Array, row: number): void => {
      let [from, to] = [0, row * length + (layer - scope.firstLayer) * own];
      for (const { module, length: size } of ofBlock) {
        if (scope.modules.includes(module)) {
          gradients.set(gradient.subarray(from, from + size), to);
          to += size;
        }
        from += size;
      }
    };
    return { length, take };
  }

  /** `take` gets the gradient of each row in each layer from `firstLayer` on; returns the losses. */
  private async rowGradients(
    theta: Float32Array,
    batch: MicroBatch,
    parts: 'A+B' | 'B',
    firstLayer: number,
    take: (layer: number, row: number, gradient: Float32Array) => void,
  ): Promise<Float32Array> {
    const losses = new Float32Array(batch.batch * batch.time);
    for (const { first, batch: part, plan } of this.passes(batch)) {
      const takeRows = (layer: number, rows: Float32Array): void => {
        const own = rows.length / part.batch;
        for (let row = 0; row < part.batch; row++) {
          take(layer, first + row, rows.subarray(row * own, (row + 1) * own));
        }
      };
      losses.set(await this.pass(theta, part, plan, parts, takeRows, firstLayer), first * batch.time);
    }
    return losses;
  }

  async losses(theta: Float32Array | null, batch: MicroBatch): Promise<Float32Array> {
    const { config } = this.input.base;
    const losses = new Float32Array(batch.batch * batch.time);
    const head = await this.head(false);
    for (const { first, batch: part, plan } of this.passes(batch)) {
      const states = await this.lastStates(theta, part, plan);
      const weights = this.headWeights();
      losses.set(await runLossHead(config, head, headTokens(config), weights, states, part, null), first * batch.time);
    }
    return losses;
  }

  async drawLabels(theta: Float32Array, batch: MicroBatch, draws: LabelDraws): Promise<Int32Array[]> {
    const { config, sha256 } = this.input.base;
    const tokens = headTokens(config);
    const build = () => probabilitiesGraph(config, tokens);
    const session = await this.input.sessions.get(`${sha256}|probabilities`, build);
    const labels = Array.from({ length: draws.count }, () => new Int32Array(batch.batch * batch.time));
    for (const { first, batch: part, plan } of this.passes(batch)) {
      const states = await this.lastStates(theta, part, plan);
      const drawn = await drawLabels({ session, tokens, weights: this.headWeights() }, states, part, draws);
      for (const [i, own] of drawn.entries()) labels[i]!.set(own, first * batch.time);
    }
    return labels;
  }

  /** What the last block leaves, [B*T, d]; valid until the next pass. */
  private async lastStates(theta: Float32Array | null, batch: MicroBatch, plan: ActivationPlan): Promise<Float32Array> {
    const block = this.block(batch, theta !== null);
    const forward = await this.session(block, 'forward', () => blockForwardGraph(block));
    const trace = this.trace(batch, { ...plan, keepsProducts: false }, new Map());
    await this.forward(forward, theta, batch, trace);
    return trace.states.at(-1)!;
  }

  /** Forward, head and backward over some rows; `take` gets each layer's gradient, from the last layer to `firstLayer`. */
  private async pass(
    theta: Float32Array,
    batch: MicroBatch,
    plan: ActivationPlan,
    rows: Rows,
    take: (layer: number, gradient: Float32Array) => void,
    firstLayer = 0,
  ): Promise<Float32Array> {
    return this.backwardPass(await this.forwardPass(theta, batch, plan, rows), batch, firstLayer, take);
  }

  /** What stands after the blocks; its arrays are valid until the next forward pass. */
  private async forwardPass(
    theta: Float32Array,
    batch: MicroBatch,
    plan: ActivationPlan,
    rows: Rows,
  ): Promise<ForwardPass> {
    const block = this.block(batch, true);
    const backward = await this.session(block, `backward ${rows} ${plan.keepsProducts}`, () =>
      blockBackwardGraph(block, rows, plan.keepsProducts),
    );
    const kept = keptInputs(backward);
    const names = [...kept.keys()];
    const forward = await this.session(block, `forward ${names}`, () => blockForwardGraph(block, names));
    const trace = this.trace(batch, plan, kept);
    await this.forward(forward, theta, batch, trace);
    return { theta, backward, trace };
  }

  /** Head and blocks back to `firstLayer`, as often as there are labels for one forward pass. */
  private async backwardPass(
    { theta, backward, trace }: ForwardPass,
    batch: MicroBatch,
    firstLayer: number,
    take: (layer: number, gradient: Float32Array) => void,
  ): Promise<Float32Array> {
    const { config } = this.input.base;
    const head = await this.head(true);
    let dy = new Float32Array(trace.states[0]!.length);
    const states = trace.states.at(-1)!;
    const losses = await runLossHead(config, head, headTokens(config), this.headWeights(), states, batch, dy);
    for (let layer = this.layers - 1; layer >= firstLayer; layer--) {
      const feeds = { ...this.layerFeeds(layer, theta, batch), ...trace.kept[layer], x: trace.states[layer]!, dy };
      const { dx, gradient } = (await backward.run(feeds)) as { dx: Float32Array; gradient: Float32Array };
      take(layer, gradient);
      dy = dx.slice();
    }
    return losses;
  }

  private async forward(
    session: OrtSession,
    theta: Float32Array | null,
    batch: MicroBatch,
    trace: Trace,
  ): Promise<void> {
    const { base } = this.input;
    const width = base.config.hidden_size;
    const embedding = base.weights['model.embed_tokens.weight']!;
    for (const [at, id] of batch.feeds.ids.entries()) {
      trace.states[0]!.set(embedding.subarray(id * width, (id + 1) * width), at * width);
    }
    for (let layer = 0; layer < this.layers; layer++) {
      const feeds = { ...this.layerFeeds(layer, theta, batch), x: trace.states[layer]! };
      await session.run(feeds, { y: trace.states[layer + 1]!, ...trace.kept[layer] });
    }
  }

  /** Everything that a block's graphs read besides activations, under the names of layer 0. */
  private layerFeeds(layer: number, theta: Float32Array | null, { feeds, masks = {} }: MicroBatch): Feeds {
    const { base, layout } = this.input;
    const rename = (name: string): string => name.replace('model.layers.0.', `model.layers.${layer}.`);
    const weights = blockWeightSpecs(base.config).map(({ name }) => [name, base.weights[rename(name)]!] as const);
    const own = Object.entries(masks)
      .filter(([name]) => name.startsWith(`dropout.${layer}.`))
      .map(([name, mask]) => [name.replace(`dropout.${layer}.`, 'dropout.0.'), mask] as const);
    const length = layout.length / this.layers;
    return {
      ...Object.fromEntries([...weights, ...own]),
      ...(theta && { theta: theta.subarray(layer * length, (layer + 1) * length) }),
      ...(feeds.segments && { segments: feeds.segments }),
    };
  }

  private headWeights(): Record<string, Float32Array> {
    const { config, weights } = this.input.base;
    return Object.fromEntries(headWeightSpecs(config).map(({ name }) => [name, weights[name]!]));
  }

  private block(batch: MicroBatch, isAdapted: boolean): BlockInput {
    const { base, layout } = this.input;
    const { batch: rows, time } = batch;
    return {
      config: base.config,
      layout: isAdapted ? layout : null,
      shape: { batch: rows, time },
      form: formOf(batch),
    };
  }

  private passes(batch: MicroBatch) {
    const plan = this.plans.get(batch.time) ?? this.plan(batch.time);
    this.plans.set(batch.time, plan);
    return rowPasses(batch, plan.rows).map((pass) => ({ ...pass, plan }));
  }

  private session({ layout, shape, form }: BlockInput, kind: string, build: () => BuiltGraph): Promise<OrtSession> {
    const key = `${this.id}|${layout ? 'adapted' : 'base'} block|${kind}|${JSON.stringify([shape, form])}`;
    return this.input.sessions.get(key, build);
  }

  private head(hasGradient: boolean): Promise<OrtSession> {
    const { config } = this.input.base;
    const build = () => headGraph(config, headTokens(config), hasGradient);
    return this.input.sessions.get(`${this.input.base.sha256}|head|${hasGradient}`, build);
  }

  /** Arrays for a forward pass, kept for the next one of the same shape. */
  private trace({ batch, time }: MicroBatch, plan: ActivationPlan, kept: ReadonlyMap<string, number>): Trace {
    const key = JSON.stringify([batch, time, plan, [...kept]]);
    if (this.buffers?.key === key) return this.buffers.trace;
    const size = batch * time * this.input.base.config.hidden_size;
    const trace = {
      states: Array.from({ length: this.layers + 1 }, () => new Float32Array(size)),
      kept: Array.from({ length: this.layers }, () =>
        Object.fromEntries([...kept].map(([name, length]) => [name, new Float32Array(length)])),
      ),
    };
    this.buffers = { key, trace };
    return trace;
  }
}
