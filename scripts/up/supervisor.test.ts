import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findProcess, isAlive, stopProcess } from './process-info.ts';
import { stopLeftovers } from './process-registry.ts';
import type { OwnProcess } from './stop-in-order.ts';
import { nodeChild, Supervisor } from './supervisor.ts';

/** Writes when it is stopped, so that a test sees the order. */
const idle = `import { appendFileSync } from 'node:fs';
setInterval(() => {}, 1000);
process.on('SIGTERM', () => { appendFileSync(process.argv[2], process.argv[3] + '\\n'); process.exit(0); });
appendFileSync(process.argv[2] + '.ready', process.pid + '\\n');`;

let dir: string;
const script = () => join(dir, 'idle.mjs');
const stops = () => join(dir, 'stops');
const child = (name: string, wave: OwnProcess['wave']) =>
  nodeChild({ name, wave, args: [script(), stops(), name], env: {}, dataDir: dir });
const registered = () => JSON.parse(readFileSync(join(dir, 'processes.json'), 'utf8')) as OwnProcess[];
/** Until every child has its handlers. */
const settle = () =>
  expect
    .poll(() => readFileSync(`${stops()}.ready`, 'utf8').split('\n'), { timeout: 20_000 })
    .toEqual(expect.arrayContaining(registered().flatMap((one) => (one.name === 'sleep' ? [] : [String(one.pid)]))));

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'openledger-supervisor-'));
  writeFileSync(script(), idle);
});
afterEach(async () => {
  await stopLeftovers(dir);
  rmSync(dir, { recursive: true, force: true });
});

describe('Supervisor', () => {
  it('starts a killed child again, says so, and stops all in waves', async () => {
    const reports: string[] = [];
    const supervisor = new Supervisor(dir, (text) => reports.push(text));
    await supervisor.start(child('chain', 1));
    await supervisor.start(child('web', 0));
    const before = registered().find(({ name }) => name === 'web')!;
    process.kill(before.pid, 'SIGKILL');
    await expect
      .poll(() => supervisor.processes.find(({ name }) => name === 'web')?.pid, { timeout: 5_000 })
      .not.toBe(before.pid);
    await expect.poll(() => supervisor.processes.length, { timeout: 5_000 }).toBe(2);
    expect(reports).toEqual(['web stopped (SIGKILL), starting it again in 0.5 s']);
    await settle();
    const last = registered();
    await supervisor.stop();
    expect(readFileSync(stops(), 'utf8')).toBe('web\nchain\n');
    expect(last.filter((one) => isAlive(one))).toEqual([]);
    expect(existsSync(join(dir, 'processes.json'))).toBe(false);
  });

  it('takes the children along when it is killed, those that cannot notice by themselves too', async () => {
    const launcher = join(dir, 'launcher.ts');
    const supervisor = fileURLToPath(new URL('./supervisor.ts', import.meta.url));
    // sleep(1) stands for PostgreSQL and anvil: nothing of ours runs in it.
    writeFileSync(
      launcher,
      `import { spawn } from 'node:child_process';
       import { nodeChild, Supervisor } from ${JSON.stringify(supervisor)};
       const supervisor = new Supervisor(${JSON.stringify(dir)}, () => {});
       await supervisor.start(nodeChild({ name: 'web', wave: 0, args: [${JSON.stringify(script())}, ${JSON.stringify(stops())}, 'web'], env: {}, dataDir: ${JSON.stringify(dir)} }));
       await supervisor.start({ name: 'sleep', wave: 2, spawn: () => spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }) });
       setInterval(() => {}, 1000);`,
    );
    const parent = spawn(process.execPath, [launcher], { stdio: ['ignore', 'ignore', 'inherit'] });
    await expect
      .poll(() => existsSync(join(dir, 'processes.json')) && registered().length, { timeout: 10_000 })
      .toBe(2);
    await settle();
    const children = registered();
    parent.kill('SIGKILL');
    await expect.poll(() => children.filter((one) => isAlive(one)), { timeout: 10_000 }).toEqual([]);
  });

  it('finds on the next start what is still running, and only that', async () => {
    const orphan = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    const stranger = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
    const identity = findProcess(orphan.pid!)!;
    const other = findProcess(stranger.pid!)!;
    const processes: OwnProcess[] = [
      { ...identity, name: 'serve', wave: 0 },
      { ...other, startedAt: 'an earlier process with that pid', name: 'index', wave: 0 },
    ];
    writeFileSync(join(dir, 'processes.json'), JSON.stringify(processes));
    expect(await stopLeftovers(dir)).toEqual(['serve']);
    expect(isAlive(identity)).toBe(false);
    expect(isAlive(other)).toBe(true);
    await stopProcess(other, [{ signal: 'SIGKILL', waitMs: 2_000 }]);
  });
});
