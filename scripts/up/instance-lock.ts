import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-info.ts';
import { StartError } from './start-error.ts';

/**
 * Makes this process the only launcher on a data folder. The lock names pid and start time, so one left by a killed
 * launcher is recognised even when its pid belongs to somebody else now. Returns the function that gives it back.
 *
 * @throws {StartError} naming the pid that holds it.
 */
export function lockInstance(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true });
  const lock = join(dataDir, 'launcher.lock');
  const mine = ownIdentity();
  const draft = `${lock}.${mine.pid}`;
  writeFileSync(draft, JSON.stringify(mine), { mode: 0o600 });
  try {
    while (!tryLink(draft, lock)) {
      const holder = readHolder(lock);
      if (holder && isAlive(holder)) {
        throw new StartError(
          `Another instance (pid ${holder.pid}) is running on ${dataDir}. Stop it with Ctrl-C in its terminal or \`kill ${holder.pid}\`, or give this one its own folder: --data-dir .data-2 --port 3001`,
        );
      }
      breakStale(lock, holder);
    }
  } finally {
    rmSync(draft, { force: true });
  }
  return () => {
    if (readHolder(lock)?.startedAt === mine.startedAt) rmSync(lock, { force: true });
  };
}

/** link(2) is atomic and fails when the name exists: of two launchers exactly one wins, and the content is whole. */
function tryLink(draft: string, lock: string): boolean {
  try {
    linkSync(draft, lock);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the stale lock aside; if a faster launcher has replaced it in between, puts that one's back. */
function breakStale(lock: string, stale: ProcessIdentity | null): void {
  const aside = `${lock}.stale.${process.pid}`;
  try {
    renameSync(lock, aside);
  } catch {
    return; // somebody else has moved it; look again
  }
  const moved = readHolder(aside);
  if (moved && moved.startedAt !== stale?.startedAt && isAlive(moved)) tryLink(aside, lock);
  rmSync(aside, { force: true });
}

function readHolder(lock: string): ProcessIdentity | null {
  try {
    return JSON.parse(readFileSync(lock, 'utf8')) as ProcessIdentity;
  } catch {
    return null;
  }
}
