import { expect, it } from 'vitest';
import { cpuShare, cpuShareNow } from './cpu-share.ts';

it('is a whole core where one is free, else an even part', async () => {
  expect(cpuShare({ cores: 2, load: 12, free: 1.4 })).toBe(1); // the load of the minute before
  expect(cpuShare({ cores: 2, load: 3, free: 0.1 })).toBe(0.5);
  expect(cpuShare({ cores: 2, load: 7, free: 0.6 })).toBe(0.6);
  expect(cpuShare({ cores: 2, load: 0.5, free: 0 })).toBe(1);
  const now = await cpuShareNow();
  expect(now).toBeGreaterThan(0);
  expect(now).toBeLessThanOrEqual(1);
});
