import type { TrainingFile } from '#lib/fine-tuning/types.ts';

/** A file in OpenAI's shape. */
export function toFileObject(file: TrainingFile) {
  return {
    id: file.id,
    object: 'file',
    bytes: file.sizeBytes,
    created_at: Math.floor(file.createdAt.getTime() / 1000),
    expires_at: null,
    filename: file.filename,
    purpose: 'fine-tune',
    status: 'processed',
    status_details: null,
    openledger: { rows: file.rowCount, version_id: file.versionId },
  };
}
