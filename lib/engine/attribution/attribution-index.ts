import type { GradientBasis } from './gradient-bases.ts';
import type { IndexHeader } from './index-header.ts';
import type { PackedIds } from './packed-ids.ts';
import type { RowDirections } from './row-directions.ts';
import type { RowShard } from './row-shard.ts';
import type { Whitening } from './whitening.ts';

/** An index in memory: the rows lie in WebAssembly memories, the ids in one buffer. */
export type AttributionIndex = {
  header: IndexHeader;
  /** SHA-256 of the file that was read. */
  sha256: string;
  /** None where the index has directions or packed rows. */
  whitenings: Whitening[];
  /** Of each B matrix in the scope; null where the index has directions or packed rows, and in indexes of earlier methods. */
  bases: GradientBasis[] | null;
  /** Of each layer, in place of factors and bases; null where the index projects. */
  directions: RowDirections[] | null;
  /** Where a gradient's numbers that are kept stand in it, where the index's rows are packed; else null. */
  positions: Uint32Array | null;
  ids: PackedIds;
  shards: RowShard[];
};
