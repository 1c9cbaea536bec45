/** Tokens of a shard, each id + 1; 0 ends a row, and no query can hold it. Two bytes a token where the vocabulary fits. */
export type ShardTokens = Uint16Array | Int32Array;

/** Consecutive rows with the suffix array of their tokens. */
export type SpanShard = {
  tokens: ShardTokens;
  /** Positions in `tokens` in the order of the text that starts there. */
  suffixes: Int32Array;
  /** Row r of the shard is `tokens[rowStarts[r] .. rowStarts[r + 1] - 1)`; one entry more than rows. */
  rowStarts: Int32Array;
};

/** A suffix index in memory: large arrays, no object per row. Read by `readSpanIndex`, searched by `findSpans`. */
export type SpanIndex = {
  sha256: string;
  rows: number;
  /** Tokens without the ends of rows. */
  tokens: number;
  /**
   * Rarity of each token id, in millibits: -log2 of its share of all tokens, rounded when the index was built, so that
   * everyone who has the file ranks spans alike.
   */
  millibits: Int32Array;
  shards: SpanShard[];
  /** Row r's id is `idBytes[idStarts[r] .. idStarts[r + 1])`, UTF-8. */
  idStarts: Uint32Array;
  idBytes: Uint8Array;
};

/** A row's tokens, as training saw them. */
export type SpanRow = { id: string; tokens: Int32Array };

const utf8 = new TextDecoder();

export function rowIdOf({ idStarts, idBytes }: SpanIndex, row: number): string {
  return utf8.decode(idBytes.subarray(idStarts[row]!, idStarts[row + 1]!));
}

/** The row of a shard that holds a position, by binary search. */
export function rowAt({ rowStarts }: SpanShard, position: number): number {
  let [low, high] = [0, rowStarts.length - 2];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (rowStarts[middle]! <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
