import type { Value } from '../graph/builder.ts';
import { cast, mul } from '../graph/ops.ts';
import type { LinearHook } from '../nn/llama.ts';
import type { LinearModule } from '../nn/weights.ts';
import type { AdapterLayout } from './layout.ts';

/** Name of a layer's mask among a micro-batch's feeds. */
export function maskName(layer: number, module: LinearModule): string {
  return `dropout.${layer}.${module}`;
}

/**
 * PEFT's LoRA dropout: B A dropout(x) beside an untouched base. Wraps a hook that was built for `scaledLayout`, which
 * makes up for what is dropped; that costs nothing, where scaling x would be one more pass over the activations.
 *
 * @param mask bool [N, in] of an adapted layer, by its name
 */
export function withDropout(
  layout: AdapterLayout,
  hook: LinearHook,
  mask: (name: string, shape: readonly number[]) => Value,
): LinearHook {
  const adapted = new Set(layout.entries.map((entry) => maskName(entry.layer, entry.module)));
  return (call) => {
    const name = maskName(call.layer, call.module);
    if (!adapted.has(name)) return hook(call);
    return hook({ ...call, x: mul(call.x, cast(mask(name, call.x.shape), 'f32')) });
  };
}

/** The layout with LoRA's scale divided by the share of the inputs that is kept. */
export function scaledLayout(layout: AdapterLayout): AdapterLayout {
  const { loraAlpha, loraDropout } = layout.lora;
  return { ...layout, lora: { ...layout.lora, loraAlpha: loraAlpha / (1 - loraDropout) } };
}
