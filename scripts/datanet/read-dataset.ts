import { createReadStream } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

/** One record of a dataset with the place where it stands, for messages. */
export type DatasetRecord = { place: string; line: number; fields: Record<string, unknown> };

/**
 * Reads a dataset record by record: a JSON Lines file (also gzipped), or a folder of such files and of Markdown and text files. A text
 * file is one record: `text`, `title` (its first heading, else its name), and what its front matter says (`key: value`).
 *
 * @throws {Error} with file and line where a line is no JSON object
 */
export async function* readDataset(path: string): AsyncGenerator<DatasetRecord> {
  if (!(await stat(path)).isDirectory()) return yield* readFile_(path, path);
  const files = (await readdir(path, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(jsonl(\.gz)?|md|txt)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of files.sort()) yield* readFile_(file, relative(path, file));
}

async function* readFile_(path: string, name: string): AsyncGenerator<DatasetRecord> {
  if (/\.(md|txt)$/.test(path)) yield { place: name, line: 1, fields: textFields(await readFile(path, 'utf8'), name) };
  else yield* readLines(path, name);
}

async function* readLines(path: string, name: string): AsyncGenerator<DatasetRecord> {
  const bytes = createReadStream(path);
  const input = path.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() === '') continue;
    yield { place: `${name}:${line}`, line, fields: parseLine(text.replace(/^\uFEFF/, ''), `${name}, line ${line}`) };
  }
}

function parseLine(text: string, where: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new SyntaxError('not an object');
    return value as Record<string, unknown>;
  } catch (error) {
    throw new Error(`${where} is no JSON object: ${(error as Error).message}`);
  }
}

/** Front matter is a block of `key: value` lines between two lines of three hyphens. */
function textFields(content: string, name: string): Record<string, unknown> {
  const [, head, body] = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---\r?\n([\s\S]*)$/.exec(content) ?? [null, '', content];
  const pairs = head!.split(/\r?\n/).flatMap((line) => {
    const [, key, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    return key ? [[key, value!.trim()] as const] : [];
  });
  const title = /^#+\s+(.+)$/m.exec(body!)?.[1] ?? name.replace(/\.(md|txt)$/, '');
  return { title, ...Object.fromEntries(pairs), text: body!.trim() };
}
