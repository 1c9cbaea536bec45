/** Middle, 99th part of a hundred, of what was timed; in ms. */
export type Timings = { p50: number; p99: number };

/** Times `run` over all `inputs`, `rounds` times in turn, after one round that is not counted. */
export async function timeAll<T>(
  inputs: readonly T[],
  rounds: number,
  run: (input: T) => Promise<unknown>,
): Promise<Timings> {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const input of inputs) {
      const started = performance.now();
      await run(input);
      if (round > 0) times.push(performance.now() - started);
    }
  }
  return timingsOf(times);
}

/**
 * Times several things with each of `inputs`, turn by turn, so that what else the machine does meets all alike; after one round that is
 * not counted.
 */
export async function timeInTurn<T, Runs extends ((input: T) => Promise<unknown>)[]>(
  inputs: readonly T[],
  rounds: number,
  ...runs: Runs
): Promise<{ [Run in keyof Runs]: Timings }> {
  const times = runs.map((): number[] => []);
  for (let round = 0; round <= rounds; round++) {
    for (const input of inputs) {
      for (const [i, run] of runs.entries()) {
        const started = performance.now();
        await run(input);
        if (round > 0) times[i]!.push(performance.now() - started);
      }
    }
  }
  return times.map(timingsOf) as { [Run in keyof Runs]: Timings };
}

function timingsOf(times: readonly number[]): Timings {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))]!;
  return { p50: at(0.5), p99: at(0.99) };
}
