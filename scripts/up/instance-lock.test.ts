import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockInstance } from './instance-lock.ts';
import { findProcess, ownIdentity } from './process-info.ts';

let dir: string;
const lock = () => join(dir, 'launcher.lock');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'openledger-lock-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('lockInstance', () => {
  it('refuses a second instance and names the pid that holds the folder', () => {
    const unlock = lockInstance(dir);
    expect(() => lockInstance(dir)).toThrow(`Another instance (pid ${process.pid})`);
    unlock();
    expect(existsSync(lock())).toBe(false);
    lockInstance(dir)();
  });

  it('takes over from a killed instance', async () => {
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    await new Promise((resolve) => other.once('spawn', resolve));
    writeFileSync(lock(), JSON.stringify(findProcess(other.pid!)));
    expect(() => lockInstance(dir)).toThrow(`pid ${other.pid}`);
    const ended = new Promise((resolve) => other.once('exit', resolve));
    other.kill('SIGKILL');
    await ended;
    lockInstance(dir)();
  });

  it('takes over when the pid belongs to a later process', () => {
    writeFileSync(lock(), JSON.stringify({ pid: process.pid, startedAt: 'another boot:1' }));
    const unlock = lockInstance(dir);
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toEqual(ownIdentity());
    unlock();
  });

  it('takes over from a file that is no lock', () => {
    writeFileSync(lock(), 'not json');
    lockInstance(dir)();
  });
});
