import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';

type Handler = (request: Request, route: { params: Promise<Record<string, unknown>> }) => Promise<Response>;
/** Route handlers by method and path, whose `[name]` parts are parameters, as in the folders of app/api. */
export type Routes = Record<string, Handler>;

/** Our route handlers on a socket, without Next's server around them. */
export async function serveRoutes(routes: Routes): Promise<{ url: string; server: Server }> {
  const server = createServer(async (incoming, outgoing) => {
    const request = toRequest(incoming);
    const found = findRoute(routes, `${request.method} ${new URL(request.url).pathname}`);
    if (!found) return outgoing.writeHead(404).end();
    const response = await found.handler(request, { params: Promise.resolve(found.params) });
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body) await pipeline(Readable.fromWeb(response.body as WebStream), outgoing);
    else outgoing.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

function toRequest({ method, url, headers }: IncomingMessage): Request {
  const flat = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
  return new Request(new URL(url ?? '/', 'http://localhost'), { method: method ?? 'GET', headers: flat });
}

function findRoute(routes: Routes, path: string) {
  for (const [pattern, handler] of Object.entries(routes)) {
    const match = new RegExp(`^${pattern.replace(/\[(\w+)\]/g, '(?<$1>[^/]+)')}$`).exec(path);
    if (match) return { handler, params: { ...match.groups } };
  }
  return null;
}
