import type { AdapterLayout } from './layout.ts';

/** The layers `first` to `end - 1` of an adapter as an adapter of their own: theta's part from `start` on, [length]. */
export function layoutPart(layout: AdapterLayout, first: number, end: number): AdapterLayout & { start: number } {
  const own = layout.entries.filter(({ layer }) => layer >= first && layer < end);
  const start = own[0]?.offset ?? 0;
  const entries = own.map((entry) => ({ ...entry, offset: entry.offset - start }));
  return { lora: layout.lora, entries, length: entries.reduce((sum, { length }) => sum + length, 0), start };
}
