import { expect, test } from 'vitest';
import { OrtSession } from '../runtime/ort-session.ts';
import { Graph, GraphError } from './builder.ts';
import {
  add,
  concat,
  expand,
  gather,
  gemm,
  matmul,
  mul,
  reshape,
  scatterAdd,
  split,
  sumAll,
  transpose,
} from './ops.ts';

test('shapes are inferred and the runtime agrees', async () => {
  const graph = new Graph('shapes');
  const x = graph.input('x', 'f32', [2, 3]);
  const [left, right] = split(transpose(x, [1, 0]), [1, 2], 0);
  graph.output('joined', concat([right!, left!], 0));
  graph.output('product', matmul(reshape(x, [1, 2, 3]), expand(reshape(x, [1, 3, 2]), [4, 3, 2])));
  graph.output('sum', sumAll(mul(x, 2)));
  const built = graph.build();
  expect(built.outputs).toEqual({
    joined: { dtype: 'f32', shape: [3, 2] },
    product: { dtype: 'f32', shape: [4, 2, 2] },
    sum: { dtype: 'f32', shape: [] },
  });
  const session = await OrtSession.create(built, { threads: 1 });
  const { joined, product, sum } = await session.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6) });
  await session.release();
  expect([...(joined as Float32Array)]).toEqual([2, 5, 3, 6, 1, 4]);
  expect([...(product as Float32Array).subarray(0, 4)]).toEqual([22, 28, 49, 64]);
  expect(sum![0]).toBe(42);
});

test('an output may be an input, a constant or another output', async () => {
  const graph = new Graph('outputs');
  const x = graph.input('x', 'f32', [1]);
  const y = add(x, 1);
  for (const [name, value] of Object.entries({ y, again: y, same: x, five: graph.constant('f32', [1], [5]) })) {
    graph.output(name, value);
  }
  const session = await OrtSession.create(graph.build(), { threads: 1 });
  expect(await session.run({ x: Float32Array.of(2) })).toEqual({
    y: Float32Array.of(3),
    again: Float32Array.of(3),
    same: Float32Array.of(2),
    five: Float32Array.of(5),
  });
  await session.release();
});

test('repeated indices add up', async () => {
  const graph = new Graph('scatter');
  const at = graph.constant('i32', [3, 2], [1, 1, 1, 1, 0, 0]);
  graph.output('y', scatterAdd(graph.constant('f32', [2, 2], [0, 0, 0, 0]), at, graph.input('x', 'f32', [3, 2]), 0));
  const session = await OrtSession.create(graph.build(), { threads: 1 });
  const { y } = await session.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6) });
  await session.release();
  expect([...(y as Float32Array)]).toEqual([5, 6, 4, 6]);
});

test('equal constants are stored once and unused nodes are dropped', () => {
  const graph = new Graph('small');
  const x = graph.input('x', 'f32', [2]);
  expect(graph.constant('f32', [], [2])).toBe(graph.constant('f32', [], [2]));
  expect(graph.constant('f32', [1], [2])).not.toBe(graph.constant('f32', [], [2]));
  const wanted = mul(x, 2);
  const before = new Graph('other');
  before.output('y', mul(before.input('x', 'f32', [2]), 2));
  add(wanted, 3);
  graph.output('y', wanted);
  expect(graph.build().bytes.length).toBe(before.build().bytes.length);
});

test.each<[string, (graph: Graph) => unknown]>([
  ['a product that does not fit', (g) => matmul(g.input('a', 'f32', [2, 3]), g.input('b', 'f32', [2, 3]))],
  ['a gemm that does not fit', (g) => gemm(g.input('a', 'f32', [2, 3]), g.input('b', 'f32', [2, 3]))],
  ['shapes that do not broadcast', (g) => add(g.input('a', 'f32', [2]), g.input('b', 'f32', [3]))],
  ['a reshape to another size', (g) => reshape(g.input('a', 'f32', [2]), [3])],
  ['a split of another size', (g) => split(g.input('a', 'f32', [2]), [1, 2], 0)],
  ['a constant of another size', (g) => g.constant('f32', [2], [1])],
  ['an input declared twice', (g) => [g.input('a', 'f32', [2]), g.input('a', 'f32', [2])]],
  ['an output declared twice', (g) => ['y', 'y'].map((name) => g.output(name, g.constant('f32', [], [1])))],
])('%s is refused while building', (_name, build) => {
  expect(() => build(new Graph('bad'))).toThrow(GraphError);
});

test('the runtime names a missing or mistyped input', async () => {
  const graph = new Graph('inputs');
  graph.output('y', gather(graph.input('table', 'f32', [4, 1]), graph.input('ids', 'i32', [2])));
  const session = await OrtSession.create(graph.build(), { threads: 1 });
  const table = Float32Array.of(1, 2, 3, 4);
  await expect(session.run({ table })).rejects.toThrow('The input ids was not given.');
  await expect(session.run({ table, ids: table.subarray(2) })).rejects.toThrow('Float32Array was given');
  await expect(session.run({ table, ids: Int32Array.of(9, 0) })).rejects.toMatchObject({ code: 'engine_runtime' });
  await session.release();
});
