import type { BuiltGraph } from '../graph/builder.ts';
import { layoutPart, type ScopeOfB } from '../lora/layout-part.ts';
import { mergedWeights, type Weights } from '../lora/merged-weights.ts';
import type { OrtSession } from '../runtime/ort-session.ts';
import type { MicroBatch } from './batches.ts';
import { drawLabels, probabilitiesGraph } from './draw-labels.ts';
import { type GraphForm, loraGradientGraph, lossGraph, perExampleGradientGraph } from './graphs.ts';
import { headTokens, headWeightSpecs } from './layer-wise/head-graphs.ts';
import { lossPositions } from './loss-positions.ts';
import { statesGraph } from './states-graph.ts';
import type { LabelDraws, StepEngine, StepEngineInput } from './step-engine.ts';
import { topGradientGraph } from './top-gradient-graph.ts';

/** The whole model as one graph per micro-batch shape: the fastest form, with all activations in memory at once. */
export class MonolithicEngine implements StepEngine {
  private readonly input: StepEngineInput;
  private readonly id: string;

  constructor(input: StepEngineInput) {
    this.input = input;
    this.id = `${input.base.sha256}|${JSON.stringify(input.layout.lora)}`;
  }

  async addGradient(theta: Float32Array, batch: MicroBatch, sum: Float32Array): Promise<number> {
    const { base, layout } = this.input;
    const session = await this.session('gradient', batch, () =>
      loraGradientGraph(base.config, layout, batch, formOf(batch)),
    );
    const feeds = { ...base.weights, ...batch.feeds, ...batch.masks, theta };
    const { gradient, loss } = await session.run<'gradient' | 'loss'>(feeds);
    addInto(sum, gradient as Float32Array);
    return Number(loss[0]);
  }

  async exampleGradients(theta: Float32Array, batch: MicroBatch, parts: 'A+B' | 'B') {
    const { base, layout } = this.input;
    const session = await this.session(`examples ${parts}`, batch, () =>
      perExampleGradientGraph(base.config, layout, batch, parts, formOf(batch)),
    );
    const feeds = { ...base.weights, ...batch.feeds, ...batch.masks, theta };
    const outputs = await session.run<'gradients' | 'losses'>(feeds);
    return { gradients: outputs.gradients as Float32Array, losses: outputs.losses as Float32Array };
  }

  async topGradients(theta: Float32Array, batch: MicroBatch, scope: ScopeOfB, merged?: Weights) {
    const outputs = await this.top(theta, batch, [batch.feeds.labels], { scope, merged });
    const { at, lossWeights } = lossPositions(batch).feeds;
    const losses = new Float32Array(batch.batch * batch.time);
    for (const [i, position] of at.entries()) if (lossWeights[i] !== 0) losses[position] = Number(outputs.losses[i]);
    return { gradients: outputs.gradients, losses };
  }

  async labelledGradients(
    theta: Float32Array,
    batch: MicroBatch,
    labellings: readonly Int32Array[],
    options: { scope: ScopeOfB; merged?: Weights | undefined },
  ) {
    const { gradients } = await this.top(theta, batch, labellings, options);
    const size = gradients.length / labellings.length;
    return labellings.map((_, i) => gradients.subarray(i * size, (i + 1) * size));
  }

  private async top(
    theta: Float32Array,
    batch: MicroBatch,
    labellings: readonly Int32Array[],
    { scope, merged }: { scope: ScopeOfB; merged?: Weights | undefined },
  ): Promise<{ gradients: Float32Array; losses: Float32Array }> {
    const { base, layout } = this.input;
    const { firstLayer } = scope;
    const below = await this.session(`states ${firstLayer}`, batch, () => statesGraph(base.config, batch, firstLayer));
    const weights = merged ?? mergedWeights(base.weights, layoutPart(layout, 0, firstLayer), theta);
    const { states } = await below.run<'states'>({ ...weights, ids: batch.feeds.ids });
    const placed = labellings.map((labels) => lossPositions({ ...batch, feeds: { ...batch.feeds, labels } }));
    const { width, feeds } = placed[0]!;
    const labels = Int32Array.from(placed.flatMap((own) => [...own.feeds.labels]));
    const form = { scope, width, labellings: labellings.length };
    const session = await this.session(`top ${JSON.stringify(form)}`, batch, () =>
      topGradientGraph(base.config, layout, batch, form),
    );
    const { start } = layoutPart(layout, firstLayer, base.config.num_hidden_layers);
    const outputs = await session.run<'gradients' | 'losses'>({
      ...{ ...base.weights, ...feeds, labels, states, theta: theta.subarray(start) },
    });
    return { gradients: outputs.gradients as Float32Array, losses: outputs.losses as Float32Array };
  }

  async drawLabels(theta: Float32Array, batch: MicroBatch, draws: LabelDraws) {
    const { base, layout } = this.input;
    const { config } = base;
    const layers = config.num_hidden_layers;
    const blocks = await this.session(`states ${layers}`, batch, () => statesGraph(config, batch, layers));
    const merged = mergedWeights(base.weights, layoutPart(layout, 0, layers), theta);
    const { states } = await blocks.run<'states'>({ ...merged, ids: batch.feeds.ids });
    const tokens = headTokens(config);
    const build = () => probabilitiesGraph(config, tokens);
    const session = await this.input.sessions.get(`${base.sha256}|probabilities`, build);
    const weights = Object.fromEntries(headWeightSpecs(config).map(({ name }) => [name, base.weights[name]!]));
    return drawLabels({ session, tokens, weights }, states as Float32Array, batch, draws);
  }

  async losses(theta: Float32Array | null, batch: MicroBatch): Promise<Float32Array> {
    const { base, layout } = this.input;
    const session = await this.session(theta ? 'losses' : 'base losses', batch, () =>
      lossGraph(base.config, theta && layout, batch, formOf(batch)),
    );
    const { losses } = await session.run<'losses'>({ ...base.weights, ...batch.feeds, ...(theta && { theta }) });
    return losses as Float32Array;
  }

  private session(kind: string, micro: MicroBatch, build: () => BuiltGraph): Promise<OrtSession> {
    const key = `${this.id}|${kind}|${micro.batch}x${micro.time}|${JSON.stringify(formOf(micro))}`;
    return this.input.sessions.get(key, build);
  }
}

/** Losses and evaluations carry no masks, so that dropout is a matter of training steps alone. */
export function formOf({ feeds, masks }: MicroBatch): GraphForm {
  return { isPacked: feeds.segments !== undefined, hasDropout: masks !== undefined };
}

function addInto(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += values[i]!;
}
