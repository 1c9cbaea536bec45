import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { commandOf, holderOfPort } from './process-info.ts';
import { StartError } from './start-error.ts';
import { writeFileAtomically } from './write-file-atomically.ts';

/** True when nothing listens on the port, on the loopback as well as on all addresses. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await canListen(port, '127.0.0.1')) && (await canListen(port, undefined));
}

/**
 * Makes sure that the port that people will open is free.
 *
 * @throws {StartError} naming the process that holds it, where the system tells.
 */
export async function requireFreePort(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  const pid = holderOfPort(port);
  const holder = pid === null ? 'another process' : `pid ${pid} (${commandOf(pid).slice(0, 120)})`;
  throw new StartError(
    `Port ${port} is taken by ${holder}. Stop it, or choose another: npm start -- --port ${port + 1}`,
  );
}

/**
 * Port of an embedded part: the one of the last start while it is free, else `preferred`, else any free one.
 * Remembered in `<dataDir>/ports.json`, so that wallets and tools keep working after a restart.
 */
export async function rememberedPort(dataDir: string, name: string, preferred: number): Promise<number> {
  const path = join(dataDir, 'ports.json');
  const ports = readPorts(path);
  const taken = new Set(Object.entries(ports).flatMap(([other, port]) => (other === name ? [] : [port])));
  const candidates = [ports[name], preferred, ...Array.from({ length: 20 }, (_, index) => preferred + 1 + index)];
  for (const port of candidates) {
    if (port === undefined || taken.has(port) || !(await isPortFree(port))) continue;
    if (ports[name] !== port) writeFileAtomically(path, `${JSON.stringify({ ...ports, [name]: port }, null, 2)}\n`);
    return port;
  }
  throw new StartError(`No free port for ${name} from ${preferred} to ${preferred + 20}.`);
}

/**
 * A free port below 32,768. The ones that the system would give (`listen(0)`) are also given to outgoing connections: one of
 * those, even a client's own attempt to reconnect, can hold the port of a server that is just being started again.
 */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const port = randomInt(15_000, 32_000);
    if (await isPortFree(port)) return port;
  }
  throw new StartError('No free port was found between 15000 and 32000. Stop what is not needed and try again.');
}

function canListen(port: number, host: string | undefined): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function readPorts(path: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, number>;
  } catch {
    return {};
  }
}
