import { BaseError } from '#lib/kernel/base-error.ts';
import { maxFileBytes, maxRows } from '../limits.ts';

/** The file is of a kind that we do not read, or its bytes are not text. */
export class WrongFileTypeError extends BaseError {
  readonly code = 'wrong_file_type';
  readonly category = 'invalid';
  constructor(fileName: string, what: string) {
    super(
      `“${fileName}” ${what}. Send CSV (.csv, .tsv), JSON Lines (.jsonl, .ndjson), Parquet, Word (.docx), a PDF with text, or plain text (.txt, .md) saved as UTF-8.`,
    );
  }
}

export class EmptyFileError extends BaseError {
  readonly code = 'empty_file';
  readonly category = 'invalid';
  constructor(fileName: string, hasHeader: boolean) {
    super(
      hasHeader
        ? `“${fileName}” has a header in line 1 and no rows below it. Add rows and choose the file again.`
        : `“${fileName}” has 0 rows. Add rows and choose the file again.`,
    );
  }
}

export class FileTooLargeError extends BaseError {
  readonly code = 'file_too_large';
  readonly category = 'invalid';
  constructor(fileName: string, bytes: number) {
    const mega = (size: number) => (size / 1024 / 1024).toFixed(1);
    super(
      `“${fileName}” is ${mega(bytes)} MB and a file holds at most ${mega(maxFileBytes)} MB. Split it and send the parts.`,
    );
  }
}

export class TooManyRowsError extends BaseError {
  readonly code = 'too_many_rows';
  readonly category = 'invalid';
  /** @param line line of the first row that is over the limit. */
  constructor(fileName: string, rows: number, line: number) {
    super(
      `“${fileName}” has ${rows} rows and one contribution holds at most ${maxRows}. Split it before line ${line} and send the parts.`,
    );
  }
}
