import type { TrainingRecipe } from '#lib/model-factory/schema.ts';
import { ComputeResultInvalidError } from './errors.ts';
import { adapterBytesMax } from './schema.ts';

type Tensor = { dtype: string; shape: number[]; data_offsets: [number, number] };

/**
 * Whether bytes are a safetensors file of LoRA matrices of the recipe's rank and layers and of nothing else: every byte belongs to exactly
 * one tensor, and the header has no room for words. What trained weights themselves can repeat it cannot tell.
 *
 * @throws {ComputeResultInvalidError} with the first thing that does not fit
 */
export function checkAdapter(bytes: Uint8Array, { lora }: Pick<TrainingRecipe, 'lora'>): void {
  const refuse = (why: string) => {
    throw new ComputeResultInvalidError(why);
  };
  if (bytes.length > adapterBytesMax) refuse(`it has ${bytes.length} bytes, and ${adapterBytesMax} may leave`);
  if (bytes.length < 8) refuse('it is cut off');
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerBytes > Math.min(bytes.length - 8, 1_000_000)) refuse('its header is longer than the file');
  const tensors = parseHeader(bytes.subarray(8, 8 + headerBytes));
  const names = Object.keys(tensors);
  if (names.length === 0) refuse('it has no tensor');
  let end = 0;
  // The whole name, so that it has no room for a word (PEFT's names of the engine's layers).
  const modules = lora.targetModules.join('|');
  const layer = new RegExp(
    `^base_model\\.model\\.model\\.layers\\.\\d{1,3}\\.(self_attn|mlp)\\.(${modules})\\.lora_[AB]\\.weight$`,
  );
  for (const name of names.sort((a, b) => tensors[a]!.data_offsets[0] - tensors[b]!.data_offsets[0])) {
    const { dtype, shape, data_offsets: place } = tensors[name]!;
    if (!layer.test(name)) refuse(`“${name.slice(0, 60)}” is no LoRA matrix of the layers that the recipe names`);
    if (dtype !== 'F32' || shape.length !== 2 || !shape.includes(lora.r))
      refuse(`${name} is not F32 of rank ${lora.r}`);
    if (place[0] !== end || place[1] - place[0] !== 4 * shape[0]! * shape[1]!) refuse(`${name} has bytes to spare`);
    end = place[1];
  }
  if (8 + headerBytes + end !== bytes.length) refuse('there are bytes behind the last tensor');
  const canonical = JSON.stringify(tensors).length + 64; // the writer's padding and `{"format":"pt"}`
  if (headerBytes > canonical + 64) refuse('its header holds more than the tensors’ names');
}

function parseHeader(bytes: Uint8Array): Record<string, Tensor> {
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ComputeResultInvalidError('its header is no JSON');
  }
  const { __metadata__: facts, ...tensors } = header;
  if (facts !== undefined && JSON.stringify(facts) !== '{"format":"pt"}')
    throw new ComputeResultInvalidError('its header carries words');
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, asTensor(tensor)]));
}

function asTensor(value: unknown): Tensor {
  const { dtype, shape, data_offsets: place, ...more } = value as Partial<Tensor>;
  const whole = (list: unknown): list is number[] => Array.isArray(list) && list.every(Number.isSafeInteger);
  if (typeof dtype !== 'string' || !whole(shape) || !whole(place) || place.length !== 2 || Object.keys(more).length > 0)
    throw new ComputeResultInvalidError('a tensor is not described as one');
  return { dtype, shape, data_offsets: place as [number, number] };
}
