import { GraphError, type Value } from '../graph/builder.ts';
import { add, full } from '../graph/ops.ts';
import { vjpRules } from './vjp.ts';

/**
 * Emits the gradient of `sum(seed * y)` with respect to `leaves` (reverse mode) and returns one value per leaf.
 *
 * @param y the differentiated value, any shape
 * @param leaves values with `requiresGrad`, each of which `y` may depend on; a leaf that it does not reach gives zeros
 * @param seed cotangent of `y`, same shape; all ones when left out
 * @throws GraphError if an operator on the way has no rule
 */
export function gradient(y: Value, leaves: readonly Value[], seed?: Value): Value[] {
  const graph = y.graph;
  const cotangents = new Map<number, Value>([[y.id, seed ?? full(y, y.shape, 1)]]);
  const leafIds = new Set(leaves.map((leaf) => leaf.id));

  for (const node of graph.nodes.slice().reverse()) {
    const incoming = node.outputs.map((output) => cotangents.get(output.id) ?? null);
    if (incoming.every((cotangent) => cotangent === null)) continue;
    if (node.outputs.some((output) => leafIds.has(output.id))) continue;
    if (!node.inputs.some((input) => input.requiresGrad)) continue;
    // Taken away, so that the ops inside a composite, which come next, do not see it again.
    for (const output of node.outputs) cotangents.delete(output.id);
    const rule = node.vjp ?? vjpRules[node.op];
    if (!rule) throw new GraphError(`Operator ${node.op} has no gradient rule.`);
    const outgoing = rule(node, incoming);
    for (const [i, input] of node.inputs.entries()) {
      const cotangent = outgoing[i];
      if (!cotangent || !input.requiresGrad) continue;
      const sum = cotangents.get(input.id);
      cotangents.set(input.id, sum ? add(sum, cotangent) : cotangent);
    }
  }
  return leaves.map((leaf) => cotangents.get(leaf.id) ?? full(leaf, leaf.shape, 0));
}
