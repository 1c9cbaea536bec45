import { describe, expect, it } from 'vitest';
import { runInOrder } from './run-in-order.ts';

const item = (name: string, after: string[] = []) => ({ name, after });

describe('runInOrder', () => {
  it('begins what waits for nothing at once, the rest when all that it waits for has ended', async () => {
    const [said, ends]: [string[], Map<string, () => void>] = [[], new Map()];
    const items = [
      item('unit'),
      item('build', ['left out']),
      item('contracts', ['build']),
      item('e2e', ['unit', 'build']),
    ];
    const all = runInOrder(items, ({ name }) => {
      said.push(name);
      return new Promise((resolve) => ends.set(name, resolve));
    });
    const end = async (name: string) => {
      ends.get(name)!();
      await new Promise(setImmediate);
    };
    await new Promise(setImmediate);
    expect(said).toEqual(['unit', 'build']);
    await end('build');
    expect(said).toEqual(['unit', 'build', 'contracts']);
    await end('unit');
    expect(said).toEqual(['unit', 'build', 'contracts', 'e2e']);
    ends.get('contracts')!();
    ends.get('e2e')!();
    await all;
  });

  it('refuses an order in which something would wait for ever', async () => {
    const run = () => Promise.reject(new Error('nothing may run'));
    await expect(runInOrder([item('a', ['b']), item('b', ['a'])], run)).rejects.toThrow('a waits for b');
    await expect(runInOrder([item('a', ['a'])], run)).rejects.toThrow('a waits for a');
  });
});
