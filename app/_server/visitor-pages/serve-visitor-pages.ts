import { type IncomingMessage, type OutgoingHttpHeaders, Server, type ServerResponse } from 'node:http';
import { isWrite, visitorPageKey } from './is-visitor-page.ts';
import { KeptPage } from './kept-page.ts';
import { VisitorPageCache } from './visitor-page-cache.ts';

const pageBytesMax = 2 ** 20;

/**
 * Puts the pages' cache before this process's HTTP servers: a visitor gets a page that was made for another some seconds ago,
 * with a nonce of his own. Rendering is what a page costs (product.md §2.2), so nothing behind this point can save it. A request
 * that writes forgets all pages when it comes and when it ends, so that nobody reads an old page after it.
 *
 * Next has no place for this: its page caches know no nonce, and its proxy comes after the server's own work.
 *
 * @returns how to take it away again
 */
export function serveVisitorPages(cache = new VisitorPageCache(() => performance.now())): () => void {
  const { emit } = Server.prototype;
  Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'request') {
      const [request, response] = args as [IncomingMessage, ServerResponse];
      if (sendKept(cache, request, response)) return true;
    }
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  };
  return () => {
    Server.prototype.emit = emit;
  };
}

function sendKept(cache: VisitorPageCache, request: IncomingMessage, response: ServerResponse): boolean {
  if (isWrite(request)) {
    cache.clear();
    response.once('close', () => cache.clear());
    return false;
  }
  const key = visitorPageKey(request);
  if (!key) return false;
  const acceptsGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  const page = cache.take(key);
  if (page) {
    const { headers, body } = page.answer(acceptsGzip);
    response.writeHead(200, { ...headers, 'x-page-cache': 'hit' });
    response.end(body);
    return true;
  }
  // What is kept must be unpacked; who asked gets it unpacked this once.
  request.headers['accept-encoding'] = 'identity';
  keepAnswer(response, cache.writes, (made, writes) => cache.put(key, made, writes));
  return false;
}

/** Listens to what is written as the answer, and keeps it when it is a whole page. */
function keepAnswer(response: ServerResponse, writes: number, keep: (page: KeptPage, writes: number) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const listen = (chunk: unknown) => {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array)) return;
    bytes += chunk.length;
    if (bytes <= pageBytesMax) chunks.push(Buffer.from(chunk as Uint8Array));
  };
  const { write, end } = response;
  response.write = function (this: ServerResponse, ...args: unknown[]) {
    listen(args[0]);
    return Reflect.apply(write, this, args) as boolean;
  } as ServerResponse['write'];
  response.end = function (this: ServerResponse, ...args: unknown[]) {
    listen(args[0]);
    return Reflect.apply(end, this, args) as ServerResponse;
  } as ServerResponse['end'];
  response.once('finish', () => {
    if (isWholePage(response) && bytes <= pageBytesMax)
      keep(new KeptPage(keptHeaders(response), Buffer.concat(chunks)), writes);
  });
}

function isWholePage(response: ServerResponse): boolean {
  const type = String(response.getHeader('content-type') ?? '');
  const isPage = type.startsWith('text/html') || type.startsWith('text/x-component');
  return (
    response.statusCode === 200 &&
    isPage &&
    !response.hasHeader('set-cookie') &&
    !response.hasHeader('content-encoding')
  );
}

const ofOneAnswer = new Set(['date', 'connection', 'keep-alive', 'transfer-encoding', 'content-length', 'etag']);

function keptHeaders(response: ServerResponse): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(response.getHeaders()).filter(([name]) => !ofOneAnswer.has(name)));
}
