import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { StartError } from './start-error.ts';

/** How PostgreSQL's programs are started: it refuses root, so root lends them to the system user `postgres`. */
export type PostgresUser = {
  /** Owner that the data folder must have; undefined means ourselves. */
  owner: { uid: number; gid: number } | undefined;
  /** Command, arguments and ids for `spawn`. */
  wrap(command: string, args: readonly string[]): { command: string; args: string[]; uid?: number; gid?: number };
};

/**
 * Chooses the user for programs that must reach `paths`. As root in a folder that `postgres` may not enter (a clone
 * under /root, for example) the programs keep one right of root, to pass closed folders, by util-linux's setpriv.
 *
 * @throws {StartError} when root cannot become anybody else here.
 */
export function choosePostgresUser(paths: readonly string[]): PostgresUser {
  if (process.getuid?.() !== 0) return { owner: undefined, wrap: (command, args) => ({ command, args: [...args] }) };
  const owner = postgresIds();
  if (paths.every((path) => canEnter(path, owner))) {
    return { owner, wrap: (command, args) => ({ command, args: [...args], ...owner }) };
  }
  const flags = [
    ...[`--reuid=${owner.uid}`, `--regid=${owner.gid}`, '--clear-groups'],
    ...['--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'],
  ];
  try {
    execFileSync('setpriv', [...flags, 'true'], { stdio: 'ignore' });
  } catch {
    throw new StartError(
      `PostgreSQL does not run as root, and its user postgres may not enter ${paths.join(' or ')}. Start as another user, move the project out of root's home, or give a DATABASE_URL.`,
    );
  }
  return { owner, wrap: (command, args) => ({ command: 'setpriv', args: [...flags, command, ...args] }) };
}

/** Ids of the system user `postgres`, which is made when it is not there. */
function postgresIds(): { uid: number; gid: number } {
  const found = lookUp();
  if (found) return found;
  try {
    execFileSync('groupadd', ['--system', 'postgres'], { stdio: 'ignore' });
  } catch {
    // the group may be there without the user
  }
  try {
    execFileSync('useradd', ['--system', '--no-create-home', '--gid', 'postgres', 'postgres'], { stdio: 'ignore' });
  } catch {
    // lookUp below decides
  }
  const made = lookUp();
  if (made) return made;
  throw new StartError(
    'PostgreSQL does not run as root, and a system user `postgres` could not be made (useradd failed). Start as another user, or give a DATABASE_URL.',
  );
}

function lookUp(): { uid: number; gid: number } | null {
  try {
    const id = (flag: string) =>
      Number(execFileSync('id', [flag, 'postgres'], { stdio: ['ignore', 'pipe', 'ignore'] }));
    return { uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/** True when every folder above the path lets that user through. */
function canEnter(path: string, user: { uid: number; gid: number }): boolean {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { mode, uid, gid } = statSync(folder);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
