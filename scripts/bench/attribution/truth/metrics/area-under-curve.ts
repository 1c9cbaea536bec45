import { ranks } from './correlation.ts';

/** Area under the ROC curve: the chance that a marked item has a higher value than one that is not; ties count half. */
export function areaUnderCurve(values: ArrayLike<number>, isMarked: readonly boolean[]): number {
  const places = ranks(values);
  const marked = isMarked.filter(Boolean).length;
  const others = isMarked.length - marked;
  if (marked === 0 || others === 0) throw new RangeError('areaUnderCurve: both kinds have to be there.');
  let sum = 0;
  for (const [i, is] of isMarked.entries()) if (is) sum += places[i]!;
  return (sum - (marked * (marked + 1)) / 2) / (marked * others);
}
