/** Rows in one contribution. */
export const maxRows = 10_000;
/** Bytes of one row as UTF-8 JSON. */
export const maxRowBytes = 8192;
/** Bytes of a file or of a whole contribution. */
export const maxFileBytes = 16 * 1024 * 1024;
