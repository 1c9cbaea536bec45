import { readFileSync } from 'node:fs';

/**
 * The most memory that this process had resident so far, in bytes. On Linux from its own memory map (VmHWM): `maxRSS` of
 * getrusage starts a child process at what its parent had resident when it was started.
 */
export function peakMemoryBytes(): number {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    if (kibibytes) return Number(kibibytes) * 1024;
  } catch {
    // Not Linux.
  }
  return process.resourceUsage().maxRSS * 1024;
}
