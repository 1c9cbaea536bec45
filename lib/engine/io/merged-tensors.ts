import { addLowRank } from '../lora/add-low-rank.ts';
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
      addLowRank(tensor.data, matrixOf(b), matrixOf(a), layout.lora.r, scale);
      return tensor;
    },
  };
}
