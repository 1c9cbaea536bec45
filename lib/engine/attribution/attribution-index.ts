import type { GradientBasis } from './gradient-bases.ts';
import type { IndexHeader } from './index-header.ts';
import type { LowBitVectors } from './packed-bits.ts';
import type { PackedIds } from './packed-ids.ts';
import type { RowShard } from './row-shard.ts';
import type { Whitening } from './whitening.ts';

/** An index in memory: the rows lie in WebAssembly memories, the ids in one buffer. */
export type AttributionIndex = {
  header: IndexHeader;
  /** SHA-256 of the file that was read. */
  sha256: string;
  /** None where the index has directions. */
  whitenings: Whitening[];
  /** Of each B matrix in the scope; null where the index has directions, and in indexes of earlier methods. */
  bases: GradientBasis[] | null;
  /** Of each layer, in place of factors and bases; null where the index projects. */
  directions: LowBitVectors[] | null;
  ids: PackedIds;
  shards: RowShard[];
};
