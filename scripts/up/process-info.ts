import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process that cannot be mistaken for a later one with the same pid. */
export type ProcessIdentity = { pid: number; startedAt: string };

const isLinux = process.platform === 'linux';

/** Identity of a live process, or null when the pid is free (or only a zombie holds it). */
export function findProcess(pid: number): ProcessIdentity | null {
  const startedAt = isLinux ? linuxStart(pid) : portableStart(pid);
  return startedAt === null ? null : { pid, startedAt };
}

/** Identity of this process. */
export function ownIdentity(): ProcessIdentity {
  return findProcess(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };
}

/** True while exactly that process lives. */
export function isAlive(identity: ProcessIdentity): boolean {
  return findProcess(identity.pid)?.startedAt === identity.startedAt;
}

/** Command line of a process for messages and checks; empty when it cannot be read. */
export function commandOf(pid: number): string {
  try {
    if (isLinux) return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return '';
  }
}

/** Pid that listens on a TCP port of this machine, or null when it cannot be told (other user, no tools). */
export function holderOfPort(port: number): number | null {
  return isLinux ? linuxHolder(port) : portableHolder(port);
}

/**
 * Sends the signals one after another, each with time to act, until exactly that process is gone.
 * `group` addresses its whole process group. Returns false when it survived.
 */
export async function stopProcess(
  identity: ProcessIdentity,
  signals: readonly { signal: NodeJS.Signals; waitMs: number }[],
  options: { group?: boolean } = {},
): Promise<boolean> {
  for (const { signal, waitMs } of signals) {
    if (!isAlive(identity)) return true;
    sendSignal(identity.pid, signal, options.group ?? false);
    const deadline = performance.now() + waitMs;
    while (isAlive(identity) && performance.now() < deadline) await sleep(25);
  }
  return !isAlive(identity);
}

/** Signals a process or its group; a process that has just ended is no error. */
export function sendSignal(pid: number, signal: NodeJS.Signals, group: boolean): void {
  try {
    process.kill(group && process.platform !== 'win32' ? -pid : pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Boot id and start in clock ticks (proc(5), field 22 of stat): unique across pid reuse and restarts of the machine. */
function linuxStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in parentheses may hold spaces, so count from its end: state is the first field after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
  } catch {
    return null;
  }
}

function portableStart(pid: number): string | null {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return null;
  }
  if (process.platform === 'win32') return 'alive';
  try {
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || null;
  } catch {
    return null;
  }
}

/** /proc/net/tcp gives the socket's inode, /proc/<pid>/fd who has it open. */
function linuxHolder(port: number): number | null {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readLines(table)) {
      const fields = line.trim().split(/\s+/);
      const listening = fields[3] === '0A';
      if (listening && fields[1]?.endsWith(suffix)) inodes.add(`socket:[${fields[9]}]`);
    }
  }
  if (inodes.size === 0) return null;
  for (const entry of readdirSync('/proc')) {
    if (/^\d+$/.test(entry) && openFiles(entry).some((target) => inodes.has(target))) return Number(entry);
  }
  return null;
}

function readLines(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch {
    return [];
  }
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((fd) => {
      try {
        return readlinkSync(`/proc/${pid}/fd/${fd}`);
      } catch {
        return ''; // closed in the meantime
      }
    });
  } catch {
    return []; // another user's process
  }
}

function portableHolder(port: number): number | null {
  try {
    const output = execFileSync('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-t'], { encoding: 'utf8' });
    return Number.parseInt(output, 10) || null;
  } catch {
    return null;
  }
}
