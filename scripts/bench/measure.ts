/** What one case cost: medians over the rounds, with the spread beside them. */
export type Cost = { cpuSeconds: number; wallSeconds: number; minCpuSeconds: number; maxCpuSeconds: number };

/**
 * Runs the cases in turn, round after round, so that a busy neighbour slows all of them alike, and gives each one's
 * median cost. The first round warms up and is not counted.
 *
 * CPU seconds are user + system of the whole process: worker threads and native threads of the runtimes included.
 */
export async function interleave<N extends string>(
  cases: Readonly<Record<N, () => unknown>>,
  rounds: number,
): Promise<Record<N, Cost>> {
  const names = Object.keys(cases) as N[];
  const costs = new Map<N, { cpu: number; wall: number }[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const cost = await costOf(cases[name]);
      if (round > 0) costs.get(name)!.push(cost);
    }
  }
  return Object.fromEntries(
    [...costs].map(([name, list]) => {
      const cpu = list.map((cost) => cost.cpu);
      return [
        name,
        {
          cpuSeconds: median(cpu),
          wallSeconds: median(list.map((cost) => cost.wall)),
          minCpuSeconds: Math.min(...cpu),
          maxCpuSeconds: Math.max(...cpu),
        },
      ];
    }),
  ) as Record<N, Cost>;
}

/** CPU and wall seconds of one call. */
export async function costOf(run: () => unknown): Promise<{ cpu: number; wall: number }> {
  const cpuStart = process.cpuUsage();
  const wallStart = performance.now();
  await run();
  const { user, system } = process.cpuUsage(cpuStart);
  return { cpu: (user + system) / 1e6, wall: (performance.now() - wallStart) / 1000 };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
