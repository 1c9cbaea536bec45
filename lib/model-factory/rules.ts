/** A run in one of these waits for a worker or has one. */
export const openStatuses = ['queued', 'running', 'stopping', 'cancelling'] as const;

/** Below this there is nothing to hold out. */
export const minTrainableRows = 20;

/** Models in one merge. */
export const mergeSize = { least: 2, most: 8 } as const;
/** What the weights of a merge sum to. */
export const wholePpm = 1_000_000;
/** Engines that answer hold slots of this rank (docs/fleet.md), and the rank of a merge is the sum of its models'. */
export const mergeRankMax = 64;

/** Whose fault a failure is, and the one thing to do next. `again`: a new run is needed, Resume would fail alike. */
export type FailureAdvice = { fault: 'you' | 'us'; next: string; again: boolean };

const advice: Record<string, FailureAdvice> = {
  training_learnt_nothing: {
    ...{ fault: 'you', again: true },
    next: 'Start a new run with more passes, or on a version with more rows.',
  },
  merge_not_better: {
    ...{ fault: 'you', again: false },
    next: 'Merge the models with other weights, or models whose rows are more alike.',
  },
  training_diverged: { fault: 'you', again: true, next: 'Start a new run with a smaller learning rate.' },
  dataset_empty: {
    ...{ fault: 'you', again: true },
    next: 'Choose a version whose rows are shorter, or raise the longest row.',
  },
  chat_template_failed: {
    ...{ fault: 'you', again: true },
    next: 'Start a new run on another base: this one’s template does not take such rows.',
  },
  recipe_invalid: { fault: 'you', again: true, next: 'Start a new run and mend the recipe.' },
  too_few_originals: { fault: 'you', again: true, next: 'Choose a version with more rows that are not copies.' },
  out_of_memory: {
    ...{ fault: 'you', again: true },
    next: 'Start a new run with a smaller batch or a shorter longest row.',
  },
  training_timeout: { fault: 'you', again: false, next: 'Press Resume for another 24 hours from its checkpoint.' },
  checkpoint_mismatch: {
    ...{ fault: 'us', again: true },
    next: 'The base model was replaced since; start a new run on it.',
  },
  checkpoint_invalid: { fault: 'us', again: true, next: 'Start a new run; the stored checkpoint cannot be read.' },
  row_unreadable: {
    ...{ fault: 'us', again: true },
    next: 'Start a new run on another version, or have the Datanet’s curators freeze it anew.',
  },
  base_missing: {
    ...{ fault: 'us', again: false },
    next: 'Press Resume when the operators have put the base back, or start a new run on another base.',
  },
  disk_full: { fault: 'us', again: false, next: 'Press Resume when the operators have made room.' },
};

const afterOverfit =
  'It was better than its base for a while and then learnt the rows by heart. Start a new run with fewer passes or a smaller learning rate.';

/**
 * What to do after a failure; of one that is not known, Resume goes on from the last checkpoint.
 *
 * @param wasBetter a measurement before the end was below the base's: then more passes would make it worse
 */
export function adviceAfter(code: string, wasBetter = false): FailureAdvice {
  if (code === 'training_learnt_nothing' && wasBetter) return { fault: 'you', again: true, next: afterOverfit };
  return advice[code] ?? { fault: 'us', again: false, next: 'Press Resume; it goes on from its last checkpoint.' };
}

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
