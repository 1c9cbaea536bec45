import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSourceFiles, root } from './list-source-files.ts';

const medianMax = 90;
const ninetiethMax = 250;
const linesMax = 400;
/** A table of operators is one idea however long it is. */
const tableLinesMax = 600;

/** Lines that say where the size budget (AGENTS.md) is broken; `report` receives the table. */
export async function checkSize(report: (line: string) => void = () => {}): Promise<string[]> {
  const sizes = listSourceFiles()
    .filter((path) => !/[.]test[.]tsx?$/.test(path))
    .map((path) => ({ path, lines: readFileSync(join(root, path), 'utf8').split('\n').length - 1 }))
    .sort((a, b) => a.lines - b.lines);
  const at = (share: number) => sizes[Math.min(sizes.length - 1, Math.floor(sizes.length * share))]?.lines ?? 0;
  const total = sizes.reduce((sum, { lines }) => sum + lines, 0);
  report(`${sizes.length} files, ${total} lines: median ${at(0.5)}, 90 % ${at(0.9)}, largest ${at(1)}`);
  for (const { path, lines } of sizes.slice(-5).reverse()) report(`  ${String(lines).padStart(4)} ${path}`);
  const problems = sizes
    .filter(({ path, lines }) => lines > (path.startsWith('lib/engine/') ? tableLinesMax : linesMax))
    .map(({ path, lines }) => `${path} has ${lines} lines; split it`);
  if (at(0.5) > medianMax) problems.push(`the median file has ${at(0.5)} lines, at most ${medianMax} are allowed`);
  if (at(0.9) >= ninetiethMax) problems.push(`90 % of files reach ${at(0.9)} lines, ${ninetiethMax} is the bound`);
  return problems;
}
