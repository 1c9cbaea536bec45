/** Rows in one contribution. */
export const maxRows = 10_000;
/** Bytes of one row as UTF-8 JSON. */
export const maxRowBytes = 8192;
/** Bytes of a file. A contribution of all its rows fits into one server action (next.config.ts: 12 MB). */
export const maxFileBytes = 10 * 1024 * 1024;
/** Bytes of a piece of a larger file; the last one may be shorter. */
export const pieceBytes = 4 * 1024 * 1024;
