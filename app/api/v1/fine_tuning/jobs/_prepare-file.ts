import { setAccessTier } from '#lib/access/set-access-tier.ts';
import { bringOwnRows } from '#lib/contributions/bring-own-rows.ts';
import { createDatanet } from '#lib/datanets/create-datanet.ts';
import { freezeOwnVersion } from '#lib/datanets/freeze-own-version.ts';
import { trainingFileDomain } from '#lib/datanets/types.ts';
import { NoUsableRowsError } from '#lib/fine-tuning/errors.ts';
import { getTrainingFile } from '#lib/fine-tuning/get-training-file.ts';
import { readTrainingFile } from '#lib/fine-tuning/read-training-file.ts';
import { setFileVersion } from '#lib/fine-tuning/set-file-version.ts';
import type { TrainingFile } from '#lib/fine-tuning/types.ts';
import type { Actor, Deps } from '#lib/platform/deps.ts';

const rowsAtOnce = 500;

/**
 * The version that a file's rows are: a private Datanet of its owner's, made the first time that a job trains on the file. Every
 * step may run twice, so a broken call is simply sent again. Rows are judged as everybody's; what is held, doubled or refused is
 * not trained on, and when nothing is left this says why.
 *
 * @throws {NoUsableRowsError | FileNotFoundError}
 */
export async function prepareFile(deps: Deps, actor: Actor, fileId: string): Promise<string> {
  const file = await getTrainingFile(deps, actor, { id: fileId });
  if (file.versionId) return file.versionId;
  const { id: datanetId } = await createDatanet(deps, actor, termsOf(file));
  await setAccessTier(deps, actor, { datanetId, tier: 'gated' });
  const { lines } = readTrainingFile(await deps.store.get(file.objectKey));
  const reasons: string[] = [];
  for (let start = 0; start < lines.length; start += rowsAtOnce) {
    const { verdicts } = await bringOwnRows(deps, actor, {
      ...{ datanetId, source: file.filename, idempotencyKey: `${file.id}:${start}` },
      rows: lines.slice(start, start + rowsAtOnce),
    });
    reasons.push(...verdicts.flatMap((verdict) => ('fix' in verdict ? [`Line ${verdict.line}: ${verdict.fix}`] : [])));
  }
  const frozen = await freezeOwnVersion(deps, actor, { datanetId }).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== 'nothing_to_freeze') throw error;
    throw new NoUsableRowsError(reasons[0] ?? 'All of them wait for a look, because they seem to hold personal data.');
  });
  await setFileVersion(deps, actor, { id: file.id, versionId: frozen.versionId });
  return frozen.versionId;
}

/** Nothing of the file itself, whose name may be private, stands in what everybody can read. */
function termsOf(file: TrainingFile) {
  const tail = file.id.slice(-12);
  return {
    ...{ slug: `training-file-${tail}`, title: `Training file ${tail}`, domain: trainingFileDomain, language: 'en' },
    summary: 'Rows of a file that its owner sent through the API to train on.',
    description:
      'A private Datanet made of one file. Its owner alone reads the rows, and accepted them without another’s review.',
    rubric: ['Question and answer belong together.'],
    fields: [
      { name: 'prompt', label: 'Question', maxChars: 8000 },
      { name: 'completion', label: 'Answer', maxChars: 8000 },
    ],
    license: 'LicenseRef-private',
  };
}
