import { type ClassValue, clsx } from 'clsx';

/** Utilities that set a display, which have no prefix in common. */
const displays = /^(block|inline|inline-block|flex|inline-flex|grid|inline-grid|contents|hidden|table-cell)$/;
/** Kinds of utilities, each with what their names look like; the first that fits names the kind. */
const kinds: [RegExp, string][] = [
  [displays, 'display'],
  [/^(static|fixed|absolute|relative|sticky)$/, 'position'],
  [/^text-(xs|sm|base|lg|\d?xl|\[\d.*)$/, 'text-size'],
  [/^text-(left|center|right|start|end)$/, 'text-align'],
  [/^text-/, 'text-colour'],
  [/^font-(normal|medium|semibold|bold)$/, 'font-weight'],
  [/^font-/, 'font-family'],
  [/^bg-/, 'background'],
  [/^(border(?:-[trblxy])?)(-\d)?$/, ''],
  [/^border-(?!dashed|[trblxy](-|$))/, 'border-colour'],
  [/^flex-(row|col)$/, 'flex-direction'],
  [/^flex-/, 'flex'],
  [
    /^-?(p[xytrbl]?|m[xytrbl]?|gap-[xy]|gap|w|h|size|min-[wh]|max-[wh]|leading|rounded|z|opacity|self|items|justify|align|cursor|whitespace)-/,
    '',
  ],
];

/**
 * Joins class names; of two utilities of ours that set the same thing under the same condition (`sm:`, `hover:`), the later one
 * wins. Knows the utilities that our primitives let their callers change, and no others: a library that knows all of
 * Tailwind's weighs 8 kB on every page.
 */
export function cx(...values: ClassValue[]): string {
  const taken = new Set<string>();
  const kept: string[] = [];
  for (const name of clsx(values).split(' ').reverse()) {
    const kind = kindOf(name);
    if (name === '' || (kind && taken.has(kind))) continue;
    if (kind) taken.add(kind);
    kept.push(name);
  }
  return kept.reverse().join(' ');
}

/** What a utility sets, with its conditions before it; null for a name that stands for itself. */
function kindOf(name: string): string | null {
  const at = name.lastIndexOf(':') + 1;
  const [conditions, utility] = [name.slice(0, at), name.slice(at)];
  for (const [pattern, kind] of kinds) {
    const found = pattern.exec(utility);
    if (found) return conditions + (kind || found[1]);
  }
  return null;
}
