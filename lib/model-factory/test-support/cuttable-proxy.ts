import { connect, createServer, type Socket } from 'node:net';

/** A way to the database that a test can cut under a query: both ends then see their connection die, as in an outage. */
export async function createCuttableProxy(databaseUrl: string) {
  const target = new URL(databaseUrl);
  let cutAt: string | null = null;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream] as Socket[]) socket.on('error', end).on('close', end);
    upstream.on('data', (chunk) => client.write(chunk));
    client.on('data', (chunk) => {
      if (cutAt === null || !chunk.includes(cutAt)) return void upstream.write(chunk);
      cutAt = null;
      end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return {
    url: Object.assign(new URL(databaseUrl), { hostname: '127.0.0.1', port: String(port) }).toString(),
    /** Cuts the connection that sends `text` next, once. */
    cutAt: (text: string) => {
      cutAt = text;
    },
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
