import { parseCsv } from './parse-csv.ts';
import type { ParsedFile, ParsedRow, RowFault } from './types.ts';

/**
 * Plain text. Three shapes are known, tried in this order: a table with a header (tabs, or commas with the usual column
 * names); one row a line with a tab between question and answer; blocks parted by an empty line, whose first line is the
 * question and whose rest is the answer. Labels such as `Q:` and `A:` are taken off.
 */
export function parseText(text: string): ParsedFile {
  const firstLine = text.split(/\r\n|\n|\r/, 1)[0]!;
  if (/^"?(prompt|question|input|instruction)"?\s*[,;\t|]/i.test(firstLine)) return parseCsv(text);
  return text.includes('\t') ? parseTabLines(text) : parseBlocks(text);
}

const columns = ['prompt', 'completion'];

function parseTabLines(text: string): ParsedFile {
  const rows: ParsedRow[] = [];
  const faults: RowFault[] = [];
  text.split(/\r\n|\n|\r/).forEach((source, index) => {
    if (source.trim() === '') return;
    const [prompt, completion, ...more] = source.split('\t');
    if (completion === undefined || more.length > 0) {
      faults.push({ line: index + 1, fix: 'The line needs exactly one tab, between question and answer.' });
    } else rows.push({ line: index + 1, values: { prompt: prompt!, completion } });
  });
  return { format: 'text', columns, rows, faults };
}

function parseBlocks(text: string): ParsedFile {
  const rows: ParsedRow[] = [];
  const faults: RowFault[] = [];
  let block: string[] = [];
  let startLine = 1;
  const close = () => {
    if (block.length === 0) return;
    const [question, ...answer] = block;
    if (answer.length === 0) {
      faults.push({
        line: startLine,
        fix: 'The question has no answer. Write it on the next line, without an empty line between.',
      });
    } else {
      const values = {
        prompt: question!.replace(/^(?:q|question)\s*:\s*/i, ''),
        completion: answer.join('\n').replace(/^(?:a|answer)\s*:\s*/i, ''),
      };
      rows.push({ line: startLine, values });
    }
    block = [];
  };
  text.split(/\r\n|\n|\r/).forEach((source, index) => {
    if (source.trim() === '') close();
    else {
      if (block.length === 0) startLine = index + 1;
      block.push(source.trim());
    }
  });
  close();
  return { format: 'text', columns, rows, faults };
}
