import { describe, expect, it } from 'vitest';
import { THREAD_COUNT, threadColor, threadIndex } from './thread-color.ts';

describe('threadIndex', () => {
  it('is the same for both spellings of an address', () => {
    expect(threadIndex('0xF39FD6E51AAD88F6F4CE6AB8827279CFFFB92266')).toBe(
      threadIndex('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266'),
    );
  });
  it('never changes for a known address, because people learn the colour of a contributor', () => {
    expect(threadColor('0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266')).toBe('var(--thread-2)');
  });
  it('uses all ten colours about evenly', () => {
    const counts = new Array<number>(THREAD_COUNT).fill(0);
    for (let i = 0; i < 5000; i++) counts[threadIndex(`0x${i.toString(16).padStart(40, '0')}`)]!++;
    for (const count of counts) expect(count).toBeGreaterThan(350);
  });
});
