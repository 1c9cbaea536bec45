import type { AdapterLayout } from '../lora/layout.ts';
import { bytesPerRowMax, headerBytes, idBytes, smallIndexRows, thoroughRows } from './choose-sketch.ts';
import { layerRanges } from './layer-ranges.ts';

/** Bits a number of a row's gradient, in the mean: with more nothing is gained, with fewer a projection is the better use of the bytes. */
const [bitsMost, bitsLeast] = [4, 0.3];

/**
 * Whether an index of so many rows keeps the rows' own gradients over all layers, and with how many bits a number in the mean: as many as
 * fit into what it may weigh; null where they are too few, and beyond 10,000 rows, where an answer's gradient over all layers costs too
 * much. On the shipped base with rank 8: four up to some 130 rows, 2.7 for 200, .5 from 1,000 on.
 *
 * Linear datamodeling scores on 200 specification texts: exact .616, by 2.6 bits .615, by 1.1 bits .604, by .54 bits .560; projected on 2,048
 * features .445 (docs/engine-log.md).
 * @param layout all B matrices
 */
export function chooseRowBits(layout: AdapterLayout, rows: number): number | null {
  if (rows > thoroughRows) return null;
  const numbers = layerRanges(layout).reduce((sum, { length }) => sum + length, 0);
  const all = Math.max(rows, smallIndexRows) * bytesPerRowMax(rows) - headerBytes - numbers / 4;
  // Beside its bits a row has an id, a scale, and what is lost in the last byte of each width.
  const bits = Math.min(bitsMost, (8 * (all / rows - idBytes - 4 - 3)) / numbers);
  return bits < bitsLeast ? null : bits;
}
