import type { IndexHeader } from './index-header.ts';
import type { PackedIds } from './packed-ids.ts';
import type { RowShard } from './row-shard.ts';
import type { Whitening } from './whitening.ts';

/** An index in memory: the rows lie in WebAssembly memories, the ids in one buffer. */
export type AttributionIndex = {
  header: IndexHeader;
  /** SHA-256 of the file that was read. */
  sha256: string;
  whitenings: Whitening[];
  ids: PackedIds;
  shards: RowShard[];
};
