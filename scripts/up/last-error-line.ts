import { existsSync, readFileSync } from 'node:fs';

/** The last line of a log that speaks of an error, for a person who would not look there; empty when there is none. */
export function lastErrorLine(path: string): string {
  if (!existsSync(path)) return '';
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').slice(-40);
  const telling = lines.findLast((line) => /error|fatal/i.test(line));
  return telling ? telling.trim().slice(0, 200) : '';
}
