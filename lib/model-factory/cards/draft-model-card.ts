import type { EvaluationFigures } from '#lib/evaluation/types.ts';
import { inheritLicence } from '#lib/kernel/licences.ts';
import type { ModelDetail } from '../types.ts';

/** Of the evaluation, where there is one. */
export type CardFigures = Pick<EvaluationFigures, 'answered' | 'contaminated' | 'tuned'>;

/**
 * The card that follows from what is known of a model, in Markdown: use, evaluation, data, licence, limits. The owner edits it; what is
 * measured stands on the page besides, from where it comes. Pure.
 */
export function draftModelCard(model: ModelDetail, figures: CardFigures | null): string {
  const { datanet, version, adapter, run } = model;
  const gain = Math.round((1 - Math.exp(model.evalLoss - model.baseEvalLoss)) * 100);
  const inherited = inheritLicence([model.license]);
  const licence = inherited.ok ? inherited.sentences : [inherited.sentence];
  const isMerge = model.merged.length > 0;
  const made = isMerge
    ? `It was merged, not trained: ${model.merged.map(({ name, slug, weightPpm }) => `${weightPpm / 10_000} % [${name}](/models/${slug})`).join(', ')}.`
    : `Recipe ${run.preset}, seed ${run.seed}; with both, the same adapter can be trained again.`;
  const lines = [
    '## What it is for',
    model.summary,
    '## How it was measured',
    `On ${model.heldOutRows} ${isMerge ? 'rows that its models had sealed and none of them was trained on' : 'sealed rows of the same Datanet, chosen by their hash before the training and never trained on'}, it is ${gain} % less surprised than its base ${adapter.baseModel} (loss ${model.evalLoss.toFixed(3)} against ${model.baseEvalLoss.toFixed(3)} nats a token).`,
    figures && figures.tuned.f1 !== null
      ? `Its answers to ${figures.answered} of them share words with the expected ones: F1 ${(figures.tuned.f1 * 100).toFixed(1)} %.`
      : null,
    figures && figures.contaminated > 0
      ? `${figures.contaminated} of the sealed rows ask what a training row asks too, so the gain looks better than it is.`
      : null,
    '## What it learnt from',
    `[${datanet.title}](/datanets/${datanet.slug}), version ${version.number}: ${version.rowCount} rows of ${model.contributorCount} contributors${model.copies ? `, ${model.copies} of them left out as copies` : ''}. ${made}`,
    '## Licence',
    ...licence,
    '## Limits',
    `It is a small adapter on ${adapter.baseModel}. Outside of its subject it answers like its base, and it may say wrong things in a sure voice. The sealed rows are of the same kind as the training rows; how it does on others was not measured.`,
  ];
  return lines.filter((line) => line !== null).join('\n\n');
}
