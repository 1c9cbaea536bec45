import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { Readable } from 'node:stream';
import { assertObjectKey, ObjectNotFoundError, type ObjectStore } from './object-store.ts';

/** Objects as files under `root`. A write goes to a temporary file, is flushed, then renamed (POSIX-atomic). */
export function fileObjectStore(root: string): ObjectStore {
  const pathOf = (key: string) => {
    assertObjectKey(key);
    return join(/*turbopackIgnore: true*/ root, ...key.split('/'));
  };
  const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';
  return {
    put: (key, bytes) => replace(pathOf(key), async (temporary) => writeFile(temporary, bytes)),
    putFile: (key, path) => replace(pathOf(key), (temporary) => copyFile(path, temporary)),
    async get(key) {
      try {
        return await readFile(pathOf(key));
      } catch (error) {
        throw isMissing(error) ? new ObjectNotFoundError(key, error) : error;
      }
    },
    async open(key) {
      const file = await open(pathOf(key)).catch((error) => {
        throw isMissing(error) ? new ObjectNotFoundError(key, error) : error;
      });
      const { size } = await file.stat();
      const body = Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
      return { sizeBytes: size, body };
    },
    async exists(key) {
      try {
        return (await stat(pathOf(key))).isFile();
      } catch (error) {
        if (isMissing(error)) return false;
        throw error;
      }
    },
    remove: (key) => rm(pathOf(key), { force: true }),
    async list(prefix) {
      const folder = pathOf(prefix);
      try {
        const entries = await readdir(folder, { recursive: true, withFileTypes: true });
        return entries
          .filter((entry) => entry.isFile() && !entry.name.endsWith('.tmp'))
          .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
          .sort();
      } catch (error) {
        if (isMissing(error)) return [];
        throw error;
      }
    },
  };
}

/** Fills a temporary file, flushes it and gives it its name. */
async function replace(path: string, fill: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  await fill(temporary);
  const file = await open(temporary, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
}
