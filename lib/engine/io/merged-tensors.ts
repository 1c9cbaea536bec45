import { loraScale } from '../lora/config.ts';
import { linearPath } from '../nn/weights.ts';
import type { ModelTensors } from './model-tensors.ts';
import type { LoadedAdapter } from './peft.ts';

/**
 * The weights of base and adapter in one: W + scale * B A, computed in float32, tensor by tensor as they are read.
 * Others pass through. Closing closes the base.
 */
export function mergedTensors(base: ModelTensors, { layout, theta }: LoadedAdapter): ModelTensors {
  const scale = loraScale(layout.lora);
  const adapted = new Map(
    layout.entries.map((entry) => [`${linearPath(entry.layer, entry.module)}.weight.${entry.part}`, entry]),
  );
  return {
    ...base,
    async read(name) {
      const tensor = await base.read(name);
      const [a, b] = [adapted.get(`${name}.A`), adapted.get(`${name}.B`)];
      if (!a || !b) return tensor;
      const matrixOf = ({ offset, length }: typeof a): Float32Array => theta.subarray(offset, offset + length);
      addProduct(tensor.data, matrixOf(b), matrixOf(a), layout.lora.r, scale);
      return tensor;
    },
  };
}

/** w += scale * b a, in place. w [out, in], b [out, r], a [r, in]; each sum of r products is added to w once. */
function addProduct(w: Float32Array, b: Float32Array, a: Float32Array, rank: number, scale: number): void {
  const inputs = a.length / rank;
  const delta = new Float64Array(inputs);
  for (let row = 0; row < b.length / rank; row++) {
    delta.fill(0);
    for (let r = 0; r < rank; r++) {
      const factor = b[row * rank + r]! * scale;
      for (let i = 0; i < inputs; i++) delta[i]! += factor * a[r * inputs + i]!;
    }
    for (let i = 0; i < inputs; i++) w[row * inputs + i]! += delta[i]!;
  }
}
