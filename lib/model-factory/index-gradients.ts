/** Rows up to which an index takes a row's gradient at the start of the training, too (`thoroughRows` of lib/engine). */
const thoroughRows = 10_000;
/** Gradients of labels that are drawn for an index, and of one row at each point at most (`planDraws` of lib/engine; its test holds both together). */
const drawnMost = 1600;
const drawsMost = 4;

/** Gradients that the index of so many rows takes for each of them, drawn ones included: what its build costs beside the rows' tokens. */
export function gradientsPerRow(rows: number): number {
  const points = rows > thoroughRows ? 1 : 2;
  const most = drawnMost / points;
  const drawn = rows > most ? points * most : points * rows * Math.min(drawsMost, Math.floor(most / rows));
  return points + drawn / rows;
}
