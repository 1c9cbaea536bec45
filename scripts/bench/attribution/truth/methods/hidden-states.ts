import { Graph } from '#lib/engine/graph/builder.ts';
import { sharedLoraHook } from '#lib/engine/lora/hook.ts';
import type { AdapterLayout } from '#lib/engine/lora/layout.ts';
import type { LlamaConfig } from '#lib/engine/nn/config.ts';
import { llamaStates } from '#lib/engine/nn/llama.ts';
import { weightSpecs } from '#lib/engine/nn/weights.ts';
import { timeBucket } from '#lib/engine/train/batches.ts';
import type { PreparedExample } from '#lib/engine/train/prepare-examples.ts';
import type { TruthTrainer } from '../retrain.ts';

/**
 * States after the last block, before the final norm: of the last word of the answer, which is the token that its end is told
 * from, and the mean over the answer, and over all up to there. Rows and answers are cut at the same place.
 */
export type HiddenStates = { last: Float32Array; ofAnswer: Float32Array; mean: Float32Array };

/** @param theta null: the base alone */
export async function hiddenStates(
  { base, layout, sessions }: TruthTrainer,
  theta: Float32Array | null,
  examples: readonly PreparedExample[],
): Promise<HiddenStates[]> {
  const { config, weights } = base;
  const width = config.hidden_size;
  const result: HiddenStates[] = [];
  for (const { ids, mask } of examples) {
    const time = timeBucket(ids.length, config.max_position_embeddings);
    const build = () => statesGraph(config, theta && layout, time);
    const session = await sessions.get(`states|${theta !== null}|${time}`, build);
    const padded = new Int32Array(time);
    padded.set(ids);
    const { states } = await session.run<'states'>({ ...weights, ids: padded, ...(theta && { theta }) });
    const meanOf = (from: number, to: number): Float32Array => {
      const mean = new Float32Array(width);
      for (let at = from * width; at < to * width; at++)
        mean[at % width]! += (states as Float32Array)[at]! / (to - from);
      return mean;
    };
    const [first, end] = [mask.indexOf(1), mask.lastIndexOf(1) + 1];
    result.push({ last: meanOf(end - 1, end), ofAnswer: meanOf(first, end), mean: meanOf(0, end) });
  }
  return result;
}

function statesGraph(config: LlamaConfig, layout: AdapterLayout | null, time: number) {
  const graph = new Graph('states');
  const values = new Map(weightSpecs(config).map(({ name, shape }) => [name, graph.input(name, 'f32', shape)]));
  const theta = layout && graph.input('theta', 'f32', [layout.length]);
  const linear = layout && theta ? sharedLoraHook(layout, theta) : undefined;
  const parts = { config, weight: (name: string) => values.get(name)!, linear };
  graph.output('states', llamaStates(parts, graph.input('ids', 'i32', [time]), { batch: 1, time }));
  return graph.build();
}
