import type { UploadView } from '#lib/contributions/uploads/types.ts';

/** An upload as the API answers it. */
export function toUploadObject(upload: UploadView) {
  return {
    ...{ object: 'upload', id: upload.id, status: upload.status, failure: upload.failure },
    ...{ file_name: upload.fileName, size_bytes: upload.sizeBytes },
    ...{ received_bytes: upload.receivedBytes, read_bytes: upload.readBytes },
    ...{ contribution_id: upload.contributionId, rows: upload.counts, faults: upload.faults },
  };
}
