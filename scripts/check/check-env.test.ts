import { describe, expect, it } from 'vitest';
import { findEnvReads } from './check-env.ts';

describe('findEnvReads', () => {
  it('finds both ways to read a variable', () => {
    expect(findEnvReads('a.ts', `const a = process.env.ONE ?? process.env['TWO'];`)).toEqual(['ONE', 'TWO']);
  });

  it('is not misled by text', () => {
    expect(
      findEnvReads('a.tsx', 'const help = `use process.env.KEY`; export const P = () => <p>process.env.KEY</p>;'),
    ).toEqual([]);
  });

  it('leaves the whole environment to loadEnv', () => {
    expect(findEnvReads('a.ts', 'loadEnv(process.env);')).toEqual([]);
  });
});
