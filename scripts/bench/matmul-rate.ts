import { Graph } from '#lib/engine/graph/builder.ts';
import { gather, matmul } from '#lib/engine/graph/ops.ts';
import { OrtSession } from '#lib/engine/runtime/ort-session.ts';

/** 2 * 1024^3 floating-point operations. */
export const matmulFlops = 2 * 1024 ** 3;

/** A 1024^3 float32 MatMul in onnxruntime, ready to run: the yardstick that training speeds are stated against. */
export async function createMatmul(
  threads: number,
): Promise<{ run: () => Promise<unknown>; release: () => Promise<void> }> {
  const graph = new Graph('matmul');
  const [a, b] = ['a', 'b'].map((name) => graph.input(name, 'f32', [1024, 1024]));
  // One row of the product leaves the graph: the runtime's copy of 4 MB would count against the yardstick.
  graph.output('c', gather(matmul(a!, b!), graph.constant('i32', [1], [0])));
  const session = await OrtSession.create(graph.build(), { threads });
  const feeds = Object.fromEntries(
    ['a', 'b'].map((name, i) => [name, Float32Array.from({ length: 1024 ** 2 }, (_, j) => Math.sin(j + i))]),
  );
  return { run: () => session.run(feeds), release: () => session.release() };
}
