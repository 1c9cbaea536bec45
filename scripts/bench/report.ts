/** One printed line of a benchmark. `ratio` is value / peerValue; `target` says in words what the ratio or value is held to. */
export type BenchLine = {
  bench: string;
  case: string;
  value: number;
  unit: string;
  /** Ends of a 95 % interval, where there is one. */
  low?: number;
  high?: number;
  peer?: string;
  peerValue?: number;
  ratio?: number;
  target?: string;
  /** Whether the target is met; true where there is none. */
  ok: boolean;
};

/** A measured figure before it is judged. */
export type Figure = {
  case: string;
  value: number;
  unit: string;
  interval?: { low: number; high: number };
  /** The peer of the same run; the target is then held against value / peer.value, else against the value. */
  peer?: { name: string; value: number };
  target?: { atLeast: number } | { atMost: number };
};

/** Judges a figure and rounds it to five digits, so that lines can be compared by eye. */
export function toLine(bench: string, { case: name, value, unit, interval, peer, target }: Figure): BenchLine {
  const ratio = peer ? value / peer.value : undefined;
  const judged = ratio ?? value;
  const line: BenchLine = { bench, case: name, value: round(value), unit, ok: true };
  if (interval) Object.assign(line, { low: round(interval.low), high: round(interval.high) });
  if (peer) Object.assign(line, { peer: peer.name, peerValue: round(peer.value), ratio: round(ratio!) });
  if (target) {
    const isFloor = 'atLeast' in target;
    line.target = `${peer ? 'ratio ' : ''}${isFloor ? `>= ${target.atLeast}` : `<= ${target.atMost}`}`;
    line.ok = isFloor ? judged >= target.atLeast : judged <= target.atMost;
  }
  return line;
}

function round(value: number): number {
  return Number(value.toPrecision(5));
}
