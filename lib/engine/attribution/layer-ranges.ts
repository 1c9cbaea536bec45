import type { AdapterLayout } from '../lora/layout.ts';

/** Where each layer lies in a gradient of some B matrices, one after the other: they are in the order of their layers. */
export function layerRanges({ entries }: AdapterLayout): { offset: number; length: number }[] {
  const layers = Map.groupBy(
    entries.filter(({ part }) => part === 'B'),
    ({ layer }) => layer,
  );
  let offset = 0;
  return Array.from(layers.values(), (own) => {
    const length = own.reduce((sum, entry) => sum + entry.length, 0);
    const range = { offset, length };
    offset += length;
    return range;
  });
}
