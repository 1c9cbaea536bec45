import type { LinearModule } from '../nn/weights.ts';
import type { AdapterEntry, AdapterLayout } from './layout.ts';

/** The layers `first` to `end - 1` of an adapter as an adapter of their own: theta's part from `start` on, [length]. */
export function layoutPart(layout: AdapterLayout, first: number, end: number): AdapterLayout & { start: number } {
  const own = layout.entries.filter(({ layer }) => layer >= first && layer < end);
  const start = own[0]?.offset ?? 0;
  const entries = own.map((entry) => ({ ...entry, offset: entry.offset - start }));
  return { lora: layout.lora, entries, length: entries.reduce((sum, { length }) => sum + length, 0), start };
}

/** Some of an adapter's B matrices: those of these modules in the layers from `firstLayer` on. */
export type ScopeOfB = { firstLayer: number; modules: readonly LinearModule[] };

export function isInScope({ layer, module, part }: AdapterEntry, { firstLayer, modules }: ScopeOfB): boolean {
  return part === 'B' && layer >= firstLayer && modules.includes(module);
}

/** The B matrices of a scope, as entries one after the other. */
export function scopedLayout({ lora, entries }: AdapterLayout, scope: ScopeOfB): AdapterLayout {
  const own: AdapterEntry[] = [];
  let length = 0;
  for (const entry of entries.filter((one) => isInScope(one, scope))) {
    own.push({ ...entry, offset: length });
    length += entry.length;
  }
  return { lora, entries: own, length };
}
