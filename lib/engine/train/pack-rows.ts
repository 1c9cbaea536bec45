/**
 * Lays rows side by side into bins of `capacity` tokens: best fit, longest first (Johnson 1973), in O(rows * capacity).
 * Equal lengths are taken in the given order, so that neighbours change from epoch to epoch, while the number of bins
 * follows from the lengths alone: every epoch then has as many steps.
 *
 * @param lengths tokens of each row, none above `capacity`
 * @param order permutation of the rows
 * @returns bins in no particular order; the rows of one bin stand in order of falling length
 */
export function packRows(lengths: readonly number[], order: ArrayLike<number>, capacity: number): number[][] {
  const byLength = Array.from({ length: capacity + 1 }, (): number[] => []);
  for (let i = 0; i < order.length; i++) byLength[lengths[order[i]!]!]!.push(order[i]!);
  const bins: number[][] = [];
  const openWithRoom = Array.from({ length: capacity + 1 }, (): number[][] => []);
  for (let length = capacity; length > 0; length--) {
    for (const row of byLength[length]!) {
      let room = length;
      while (room < capacity && openWithRoom[room]!.length === 0) room++;
      const bin = openWithRoom[room]!.pop() ?? [];
      if (bin.length === 0) bins.push(bin);
      bin.push(row);
      openWithRoom[room - length]!.push(bin);
    }
  }
  return bins;
}
