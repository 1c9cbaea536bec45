import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const roots = ['lib', 'app', 'worker', 'db'];
const page = readFileSync('docs/errors.md', 'utf8');
const headings = [...page.matchAll(/^### `([a-z_]+)`$/gm)].map((match) => match[1]!);

/** Codes of all classes that extend BaseError, read from the sources: importing them would start processes. */
function codesInSources(): Set<string> {
  const codes = new Set<string>();
  for (const root of roots) {
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!/\.tsx?$/.test(name) || name.includes('.test.') || name.includes('test-support')) continue;
      const source = readFileSync(join(root, name), 'utf8');
      for (const match of source.matchAll(/extends BaseError \{[\s\S]*?readonly code(?:: string)? = '([a-z_]+)'/g)) {
        codes.add(match[1]!);
      }
    }
  }
  return codes;
}

describe('docs/errors.md', () => {
  const codes = codesInSources();
  it('is checked against more than sixty codes', () => {
    expect(codes.size).toBeGreaterThan(60);
  });
  it('explains every code that can be answered', () => {
    expect([...codes].filter((code) => !headings.includes(code))).toEqual([]);
  });
  it('explains no code that is gone, and none twice', () => {
    expect(headings.filter((code) => !codes.has(code))).toEqual([]);
    expect(new Set(headings).size).toBe(headings.length);
  });
});
