import type { AuditEntry, CertificateStatus } from '#lib/audits/types.ts';

/** Millionths as a figure with two decimals. */
export function formatPpm(ppm: number): string {
  return (ppm / 1e6).toFixed(2);
}

/** What a certificate's state means for who is paid. */
export const statusWords: Record<
  CertificateStatus,
  { tone: 'good' | 'warn' | 'bad' | 'neutral'; title: string; text: string }
> = {
  certified: {
    tone: 'good',
    title: 'Certified',
    text: 'Rows were really taken away and the model trained again; what attribution had predicted came true well enough to pay by.',
  },
  pending: {
    tone: 'neutral',
    title: 'Not measured yet',
    text: 'Until it is, paid answers pay everybody whose rows it was trained on by equal share.',
  },
  refused: {
    tone: 'warn',
    title: 'Refused',
    text: 'Attribution of this model could not be shown to be right, so paid answers pay everybody whose rows it was trained on by equal share.',
  },
  suspended: {
    tone: 'bad',
    title: 'Suspended',
    text: 'An audit found that attribution no longer predicts well enough. Until an audit passes, paid answers pay by equal share.',
  },
};

/** Why a gate was not passed, and what its owner can do. */
export const reasonWords: Record<string, { why: string; change: string }> = {
  not_smooth: {
    why: 'Training is not smooth: moving the weight of rows a little changes answers in no steady direction.',
    change: 'Train again with a lower learning rate, or a larger epsilon inside the root.',
  },
  not_learnt: {
    why: 'It hardly learnt its rows: too many of their own answers are no likelier than the base model finds them.',
    change: 'Train again with more passes over the data, or a higher learning rate.',
  },
  not_predicted: {
    why: 'What attribution predicted and what happened without the rows agree too little.',
    change:
      'Train again with more passes over the data or a lower learning rate, or on more rows that say something of their own.',
  },
  too_small: {
    why: 'There are too few rows to tell: measuring needs 32 rows to train on and 16 answers.',
    change: 'Add rows to the Datanet and train on a new version.',
  },
  too_dear: {
    why: 'Training again often enough would take more CPU time than a certification may.',
    change: 'The operators can raise the budget (AUDIT_CPU_SECONDS).',
  },
  diverged: {
    why: 'Without some of the rows the training breaks down.',
    change: 'Train again with a lower learning rate.',
  },
  merged: {
    why: 'It was merged from other models, not trained: training its rows again gives another adapter, so nothing can be compared.',
    change: 'Nothing, while it is a merge. Everybody is paid by equal share, each row by what its model weighs.',
  },
  not_attributable: {
    why: 'Its recipe has rows act together or starts from another run, so no row is a cause of its own.',
    change: 'Train anew, without packing, dropout, weight decay, privacy, early stop and the best step’s adapter.',
  },
};

/** What an audit was, for a list. */
export function entryTitle({ kind, trigger }: Pick<AuditEntry, 'kind' | 'trigger'>): string {
  if (kind === 'certification') return 'Certification after training';
  return trigger === 'owner' ? 'Audit, asked for by the owner' : 'Audit of paid answers';
}
