import type { UploadCounts, UploadFault, UploadStatus } from '#db/schema/uploads.ts';

export type { UploadCounts, UploadFault, UploadStatus };

/** Where an upload stands. */
export type UploadView = {
  id: string;
  datanetId: string;
  fileName: string;
  idempotencyKey: string;
  sizeBytes: number;
  /** So much of the file has come; the next piece begins here. */
  receivedBytes: number;
  /** So much of it has been judged and stored. */
  readBytes: number;
  status: UploadStatus;
  failure: string | null;
  contributionId: string | null;
  counts: UploadCounts;
  /** Rows that were not stored and why, at most 200, in the order of their lines. */
  faults: UploadFault[];
  createdAt: Date;
  changedAt: Date;
};
