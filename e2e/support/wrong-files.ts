import { parquetWriteBuffer } from 'hyparquet-writer';

const header = 'prompt,completion\n';
const rows = [
  [
    'What is a force majeure clause?',
    'It frees both sides while something outside of their power prevents performance.',
  ],
  ['What does time is of the essence mean?', 'That lateness alone lets the other side end the contract.'],
  ['What is an indemnity?', 'A promise to make good a loss of the other side even where nobody was at fault.'],
  ['Why name the governing law?', 'Because courts would otherwise have to find out which law the contract belongs to.'],
] as const;
const csv = (...which: number[]) => which.map((i) => `${rows[i]!.map((cell) => `"${cell}"`).join(',')}\n`).join('');
const bytes = (text: string) => Buffer.from(text, 'latin1'); // the texts are ASCII but for what is wrong on purpose

const parquet = Buffer.from(
  parquetWriteBuffer({
    columnData: [
      { name: 'prompt', data: rows.map(([prompt]) => prompt), type: 'STRING' },
      { name: 'completion', data: rows.map(([, completion]) => completion), type: 'STRING' },
    ],
  }),
);

export type WrongFile = {
  name: string;
  buffer: Buffer;
  /** What is said of the file as a whole; then it has no rows. */
  refused?: RegExp;
  /** What is said of a line. */
  lines?: Record<number, RegExp>;
  /** Lines whose rows can be sent all the same. */
  good?: number[];
};

/** The ten files of product.md U9 that a person gets wrong, with what they are told: the place and the fix. */
export const wrongFiles: readonly WrongFile[] = [
  { name: 'bom.csv', buffer: bytes(`\xef\xbb\xbf${header}${csv(0)}`), good: [2] },
  {
    name: 'crlf.csv',
    buffer: bytes(`${header}${csv(0)}"What is estoppel?",\n`.replaceAll('\n', '\r\n')),
    lines: { 3: /“completion” is empty\. Write it, or leave the row out/ },
    good: [2],
  },
  {
    name: 'latin1.csv',
    buffer: bytes(`${header}${csv(0)}"What is a M\xfcller clause?","There is none of that name."\n`),
    lines: { 3: /“prompt” has at position 12 a character that is not UTF-8.*Save the file as UTF-8/ },
    good: [2],
  },
  {
    name: 'ragged.csv',
    buffer: bytes(`${header}${csv(0)}What is C2?\n"What is it?","This.","And that."\n`),
    lines: {
      3: /The row has 1 cell and the header 2\. Add the missing cell \(completion\)/,
      4: /column 3 and after has no name\. Put text that contains the delimiter in "double quotes"/,
    },
    good: [2],
  },
  {
    name: 'twice.csv',
    buffer: bytes(`prompt,completion,completion\n"${rows[0][0]}","${rows[0][1]}","An older answer."\n`),
    lines: { 1: /Column 3 has the same name as column 2, “completion”.*Choose above which/ },
    good: [2],
  },
  {
    name: 'cut.parquet',
    buffer: parquet.subarray(0, -40),
    refused: /“cut\.parquet” is a Parquet file that cannot be read, perhaps cut off/,
  },
  { name: 'empty.jsonl', buffer: bytes(''), refused: /“empty\.jsonl” has 0 rows\. Add rows/ },
  { name: 'header.csv', buffer: bytes(header), refused: /“header\.csv” has a header in line 1 and no rows below it/ },
  {
    name: 'schema.csv',
    buffer: bytes(`left,right\n${csv(0, 1)}`),
    lines: { 2: /it has “left”, “right”\. Choose the column above/, 3: /Choose the column above/ },
  },
  {
    name: 'big.txt',
    buffer: Buffer.alloc(10 * 1024 * 1024 + 1, 'a'),
    refused: /“big\.txt” is 10\.0 MB and a file holds at most 10\.0 MB\. Split it and send the parts/,
  },
];
