/** Below this there is nothing to hold out. */
export const minTrainableRows = 20;

type VersionRow = { id: string; contentHash: string };

/**
 * Divides a version into training rows and sealed held-out rows: one in ten, at least 2, those with the smallest keys, so that
 * neither owner nor order decides and the same version always divides the same way. `rows` keeps its order in both parts.
 *
 * @param keyOf by default the content hash; whoever knows a row's key before the others are in can spell rows to be chosen
 */
export function divideHeldOut<T extends VersionRow>(
  rows: T[],
  keyOf: (row: T) => string = (row) => row.contentHash,
): { train: T[]; heldOut: T[] } {
  const chosen = new Set(
    rows
      .map((row) => ({ id: row.id, key: keyOf(row) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .slice(0, heldOutCount(rows.length))
      .map(({ id }) => id),
  );
  return { train: rows.filter((row) => !chosen.has(row.id)), heldOut: rows.filter((row) => chosen.has(row.id)) };
}

/** Rows that `divideHeldOut` seals. */
export function heldOutCount(rows: number): number {
  return Math.max(2, Math.round(rows / 10));
}

type Field = { name: string };

/** A row as a conversation: the first field asks, the second answers; a Datanet with one field is plain text. */
export function toMessages(data: Record<string, string>, fields: Field[]) {
  const [ask, answer] = fields;
  const prompt = data[ask?.name ?? ''] ?? '';
  if (!answer) return [{ role: 'assistant' as const, content: prompt }];
  return [
    { role: 'user' as const, content: prompt },
    { role: 'assistant' as const, content: data[answer.name] ?? '' },
  ];
}

/** URL name of a model: lower-case ASCII words joined by hyphens. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug || 'model';
}
