/** Bytes of a file that comes in pieces: some million rows. */
export const maxUploadBytes = 1024 * 1024 * 1024;
/** Unfinished uploads of one account. */
export const openUploadsMost = 3;
/** An upload of which no piece came for so long is dropped. */
export const abandonedMs = 7 * 86_400_000;
/** What was wrong with rows is told of so many. */
export const faultsMost = 200;
