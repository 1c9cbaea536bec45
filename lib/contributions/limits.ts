/** Rows in one contribution. */
export const maxRows = 10_000;
/** Bytes of one row as UTF-8 JSON. */
export const maxRowBytes = 8192;
/** Bytes of a file. A contribution of all its rows fits into one server action (next.config.ts: 12 MB). */
export const maxFileBytes = 10 * 1024 * 1024;
