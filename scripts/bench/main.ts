import { readdir } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { type BenchLine, type Figure, toLine } from './report.ts';

/** What a benchmark gets: `emit` prints a judged JSON line on standard output, `log` a remark on standard error. */
export type BenchContext = {
  emit: (figure: Figure) => BenchLine;
  log: (remark: string) => void;
  /** Counted rounds of interleaved cases. */
  rounds: number;
  threads: number;
  /** `--data <file>`: text to measure on; what a benchmark does without it is its own matter. */
  dataPath: string | null;
  /** `--rows <n>`: the largest number of rows to measure at; all when left out. */
  rowsMax: number | null;
  /** `--seeds <n>`, `--subsets <n>`: trainings to compare, where a benchmark trains; its own numbers when left out. */
  seeds: number | null;
  subsets: number | null;
};

/** A file of this folder's `benches/` exports `run` and a one-line `description`. */
export type Bench = { description: string; run: (context: BenchContext) => Promise<void> };

const folder = new URL('./benches/', import.meta.url);
const names = (await readdir(folder)).filter((file) => file.endsWith('.ts')).map((file) => file.slice(0, -3));
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '5' },
    threads: { type: 'string', default: '1' },
    data: { type: 'string' },
    rows: { type: 'string' },
    seeds: { type: 'string' },
    subsets: { type: 'string' },
  },
});
const [name] = positionals;
const [rounds, threads] = [Number(values.rounds), Number(values.threads)];
if (!name || !names.includes(name) || !(rounds >= 1) || !(threads >= 1)) {
  console.error('Usage: npm run bench -- <name> [--rounds 5] [--threads 1] [--data <file.jsonl.gz>] [--rows <n>]\n');
  for (const bench of names.sort()) console.error(`  ${bench.padEnd(18)} ${(await load(bench)).description}`);
  process.exit(2);
}
const bench = await load(name);
console.error(`${name}: ${bench.description} (${cpus()[0]?.model}, ${threads} thread${threads > 1 ? 's' : ''})`);
let missed = 0;
await bench.run({
  emit(figure) {
    const line = toLine(name, figure);
    if (!line.ok) missed += 1;
    console.log(JSON.stringify(line));
    return line;
  },
  log: (remark) => console.error(remark),
  rounds,
  threads,
  dataPath: values.data ?? null,
  rowsMax: values.rows ? Number(values.rows) : null,
  seeds: values.seeds ? Number(values.seeds) : null,
  subsets: values.subsets ? Number(values.subsets) : null,
});
console.error(missed === 0 ? `${name}: every target is met` : `${name}: ${missed} target(s) missed`);

function load(bench: string): Promise<Bench> {
  return import(new URL(`${bench}.ts`, folder).href) as Promise<Bench>;
}
