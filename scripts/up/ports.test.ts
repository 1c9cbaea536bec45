import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, rememberedPort, requireFreePort } from './ports.ts';
import { holderOfPort } from './process-info.ts';

let dir: string;
const servers: Server[] = [];

function listen(port: number): Promise<void> {
  const server = createServer();
  servers.push(server);
  return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve()));
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'openledger-ports-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('requireFreePort', () => {
  it('names the process that holds the port', async () => {
    const port = await freePort();
    await listen(port);
    await expect(requireFreePort(port)).rejects.toThrow(`Port ${port} is taken by pid ${process.pid} (`);
    await expect(requireFreePort(port)).rejects.toThrow(`--port ${port + 1}`);
  });

  it('passes a free one', async () => {
    const port = await freePort();
    await requireFreePort(port);
    expect(holderOfPort(port)).toBeNull();
  });
});

describe('rememberedPort', () => {
  it('stays on the port of the last start, whatever is preferred', async () => {
    const preferred = await freePort();
    expect(await rememberedPort(dir, 'chain', preferred)).toBe(preferred);
    expect(await rememberedPort(dir, 'chain', preferred + 7)).toBe(preferred);
  });

  it('moves on when the port is taken, and never gives one to two parts', async () => {
    const preferred = await freePort();
    await listen(preferred);
    const chain = await rememberedPort(dir, 'chain', preferred);
    expect(chain).toBeGreaterThan(preferred);
    expect(await rememberedPort(dir, 'database', chain)).not.toBe(chain);
  });
});
