import { Graph, type Value } from '#lib/engine/graph/builder.ts';
import { sharedLoraHook } from '#lib/engine/lora/hook.ts';
import type { AdapterLayout } from '#lib/engine/lora/layout.ts';
import type { LlamaConfig } from '#lib/engine/nn/config.ts';
import { languageHead, llamaStates } from '#lib/engine/nn/llama.ts';
import { weightSpecs } from '#lib/engine/nn/weights.ts';
import { OrtSession } from '#lib/engine/runtime/ort-session.ts';

export type OurModel = {
  config: LlamaConfig;
  weights: Readonly<Record<string, Float32Array>>;
  adapter: { layout: AdapterLayout; theta: Float32Array } | null;
};

/** Our engine over whole sequences of up to `time` ids: logits [T][V] after each. The graph is compiled once. */
export async function createOurLogits(
  { config, weights, adapter }: OurModel,
  time: number,
  threads: number,
): Promise<{ logits: (ids: readonly number[]) => Promise<Float32Array[]>; close: () => Promise<void> }> {
  const graph = new Graph('parity');
  const inputs = new Map<string, Value>();
  for (const { name, shape } of weightSpecs(config)) inputs.set(name, graph.input(name, 'f32', shape));
  const linear = adapter && sharedLoraHook(adapter.layout, graph.input('theta', 'f32', [adapter.layout.length]));
  const ids = graph.input('ids', 'i32', [time]);
  const parts = { config, weight: (name: string) => inputs.get(name)!, ...(linear && { linear }) };
  graph.output('logits', languageHead(parts, llamaStates(parts, ids, { batch: 1, time })));
  const session = await OrtSession.create(graph.build(), { threads });
  return {
    async logits(sequence) {
      // What stands behind a token cannot change its logits, so the rest is padded with zeros.
      const padded = new Int32Array(time);
      padded.set(sequence);
      const { logits } = await session.run({ ...weights, ...(adapter && { theta: adapter.theta }), ids: padded });
      const width = config.vocab_size;
      return sequence.map((_, t) => (logits as Float32Array).slice(t * width, (t + 1) * width));
    },
    close: () => session.release(),
  };
}
