import { describe, expect, it } from 'vitest';
import { formatGasTable, parseGasRows } from './gas.ts';

const output = `[PASS] test_gas_channels() (gas: 5250876)
Logs:
  channel open + deposit|120000: 115691
  claim depth 20, repeat|66000: 66301
  channel settle, first: 57140
Suite result: ok. 1 passed; 0 failed; 0 skipped; finished in 24.86ms (24.16ms CPU time)`;

describe('the gas table', () => {
  it('reads what the gas tests log, and nothing else', () => {
    expect(parseGasRows(output)).toEqual([
      { name: 'channel open + deposit', gas: 115_691, target: 120_000 },
      { name: 'claim depth 20, repeat', gas: 66_301, target: 66_000 },
      { name: 'channel settle, first', gas: 57_140 },
    ]);
  });

  it('marks a row over its target', () => {
    const table = formatGasTable(parseGasRows(output)).split('\n');
    expect(table[2]).toBe('| channel open + deposit | 115,691 | 120,000 | none |');
    expect(table[3]).toContain('| 66,000 EXCEEDED | EigenLayer 91,080;');
    expect(table[4]).toContain('| none | none |');
  });
});
