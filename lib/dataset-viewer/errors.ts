import { BaseError } from '#lib/kernel/base-error.ts';

/** `where` or `orderby` of the viewer's API that is not in the dialect, or names what there is not. */
export class ViewerQueryInvalidError extends BaseError {
  readonly code = 'viewer_query_invalid';
  readonly category = 'invalid';
  constructor(field: 'where' | 'orderby', what: string) {
    super(
      `${what} Columns stand in double quotes, texts in single ones: where="prompt" LIKE '%phishing%' AND length("completion") > 200, orderby="contributed_at" DESC.`,
      { fieldErrors: { [field]: what } },
    );
  }
}

/** Parquet files and statistics are made once for a version; they are not ready. */
export class VersionExportPendingError extends BaseError {
  readonly code = 'version_export_pending';
  readonly category = 'unavailable';
  constructor() {
    super('Files and statistics of this version are being made. Ask again in a moment.', { retryAfterSeconds: 5 });
  }
}

/** A search or filter that took too long; the database is left alone. */
export class ViewerQueryTooSlowError extends BaseError {
  readonly code = 'viewer_query_too_slow';
  readonly category = 'limited';
  constructor(seconds: number) {
    super(`This question takes longer than ${seconds} seconds. Narrow it, or take the Parquet files and ask them.`, {
      retryAfterSeconds: 60,
    });
  }
}

export class ParquetFileNotFoundError extends BaseError {
  readonly code = 'parquet_file_not_found';
  readonly category = 'not-found';
  constructor(file: string) {
    super(`This version has no file “${file.slice(0, 40)}”. /api/v1/viewer/parquet lists its files.`);
  }
}
