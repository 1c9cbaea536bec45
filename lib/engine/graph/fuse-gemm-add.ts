/** What the pass asks of a tensor and of a node; the builder's have more. */
type Tensor = { readonly id: number; readonly shape: readonly number[] };
type Node<T> = { readonly op: string; readonly inputs: readonly T[]; readonly outputs: readonly T[] };

/**
 * Folds `Add(Gemm(a, b), c)` into `Gemm(a, b, c)` where the product has no other use and c has its shape: the product is
 * then accumulated onto a copy of c, which spares one pass that reads two tensors and writes a third.
 *
 * Runs on the finished list of nodes, after differentiation, so that gradient rules only ever see plain products.
 *
 * @param nodes in topological order
 * @param kept ids of graph outputs, which have to stay as they are
 */
export function fuseGemmAdd<T extends Tensor, N extends Node<T>>(nodes: readonly N[], kept: ReadonlySet<number>): N[] {
  const uses = new Map<number, number>();
  for (const input of nodes.flatMap((node) => node.inputs)) uses.set(input.id, (uses.get(input.id) ?? 0) + 1);
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output.id, node] as const)));
  const folded = new Set<N>();
  const result = nodes.map((node) => {
    if (node.op !== 'Add') return node;
    const [x, y] = node.inputs as readonly T[] as [T, T];
    for (const [product, summand] of [
      [y, x],
      [x, y],
    ] as const) {
      const gemm = producers.get(product.id);
      const isFree =
        uses.get(product.id) === 1 && !kept.has(product.id) && summand.shape.join() === product.shape.join();
      if (!isFree || gemm?.op !== 'Gemm' || gemm.inputs.length !== 2 || folded.has(gemm)) continue;
      folded.add(gemm);
      return { ...gemm, inputs: [...gemm.inputs, summand], outputs: node.outputs };
    }
    return node;
  });
  return result.filter((node) => !folded.has(node));
}
