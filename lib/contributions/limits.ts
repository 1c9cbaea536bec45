/** Rows in one contribution. */
export const maxRows = 10_000;
/** Bytes of one row as UTF-8 JSON. */
export const maxRowBytes = 8192;
/** Bytes of a file. A contribution of all its rows fits into one server action (next.config.ts: 12 MB). */
export const maxFileBytes = 10 * 1024 * 1024;
/** Bytes of a piece of a larger file; the last one may be shorter. */
export const pieceBytes = 4 * 1024 * 1024;
/**
 * Rows whose near copies are looked up in one statement. PostgreSQL compares each key that a GIN index is asked for with all others
 * (`ginFillScanEntry`): for 250 rows that takes longer than the index itself; for 50 it is a fifth a row.
 */
export const lookedUpRows = 50;
