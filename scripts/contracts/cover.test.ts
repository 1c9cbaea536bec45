import { describe, expect, it } from 'vitest';
import { isCovered, parseCoverage } from './cover.ts';

const output = `
╭------------------------------+------------------+------------------+----------------+-----------------╮
| File                         | % Lines          | % Statements     | % Branches     | % Funcs         |
+=======================================================================================================+
| contracts/src/Directory.sol  | 100.00% (31/31)  | 100.00% (36/36)  | 89.99% (7/8)   | 100.00% (9/9)   |
| contracts/src/lib/A.sol      | 95.00% (19/20)   | 90.00% (18/20)   | 100.00% (0/0)  | 100.00% (2/2)   |
| contracts/test/B.sol         | 10.00% (1/10)    | 10.00% (1/10)    | 0.00% (0/4)    | 50.00% (1/2)    |
| Total                        | 70.00% (51/61)   | 70.00% (55/66)   | 50.00% (7/12)  | 90.00% (12/13)  |
╰------------------------------+------------------+------------------+----------------+-----------------╯
`;

describe('coverage', () => {
  it('reads the rows of our sources only', () => {
    expect(parseCoverage(output)).toEqual([
      { file: 'Directory.sol', lines: 100, branches: 89.99 },
      { file: 'lib/A.sol', lines: 95, branches: 100 },
    ]);
  });

  it('asks for 95 % of lines and 90 % of branches', () => {
    expect(parseCoverage(output).map(isCovered)).toEqual([false, true]);
  });
});
