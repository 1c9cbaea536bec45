import { once } from 'node:events';
import { type IncomingMessage, Server, type ServerResponse } from 'node:http';
import { ReadableStream } from 'node:stream/web';
import { apiHeaders, securityHeaders } from '../security-headers.ts';

/** What `defineRoute` makes, by path. */
export type KeyedRoutes = ReadonlyMap<
  string,
  (request: Request, route: { params: Promise<Record<string, unknown>> }) => Promise<Response>
>;

/**
 * Gives programs' requests to the same route handlers that Next would call, before Next's router sees them: its way to a route handler
 * costs several milliseconds, which a person does not notice and the gateway's time to the first token is made of (issue 7 asks for
 * 5 ms in all). Only POST with a bearer key, so that no handler asks Next for cookies.
 *
 * @returns how to take it away again
 */
export function answerKeyedRequests(routes: KeyedRoutes): () => void {
  const { emit } = Server.prototype;
  Server.prototype.emit = function (this: Server, event: string | symbol, ...args: unknown[]): boolean {
    if (event === 'request') {
      const [request, response] = args as [IncomingMessage, ServerResponse];
      const handle = isKeyed(request) ? routes.get(pathOf(request)) : undefined;
      if (handle) {
        void answer(handle, request, response);
        return true;
      }
    }
    return Reflect.apply(emit, this, [event, ...args]) as boolean;
  };
  return () => {
    Server.prototype.emit = emit;
  };
}

const isKeyed = ({ method, headers }: IncomingMessage): boolean =>
  method === 'POST' && /^Bearer\s/i.test(headers.authorization ?? '');

const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0]!;

type Handle = KeyedRoutes extends ReadonlyMap<string, infer H> ? H : never;

/** Never throws: a handler answers its own failures; what breaks beside it closes the connection. */
async function answer(handle: Handle, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  try {
    const answered = await handle(toRequest(incoming, gone.signal), { params: Promise.resolve({}) });
    for (const { key, value } of [...securityHeaders, ...apiHeaders]) outgoing.setHeader(key, value);
    if (!incoming.complete) {
      // The rest of a body that was refused would be taken for the next request of this connection.
      outgoing.setHeader('connection', 'close');
      incoming.resume();
    }
    outgoing.writeHead(answered.status, Object.fromEntries(answered.headers));
    await send(answered, outgoing, gone.signal);
  } catch {
    outgoing.destroy();
  }
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  // Who stops reading has refused the body; the connection stays, so that the refusal can be told.
  const body = ReadableStream.from(incoming.iterator({ destroyOnReturn: false }));
  const url = new URL(incoming.url ?? '/', `http://${headers.get('host') ?? 'localhost'}`);
  return new Request(url, { method: 'POST', headers, body, signal, duplex: 'half' } as RequestInit);
}

/** The body as it comes. Who reads slower than it comes is waited for; who goes away cancels it. */
async function send({ body }: Response, outgoing: ServerResponse, gone: AbortSignal): Promise<void> {
  const reader = body?.getReader();
  gone.addEventListener('abort', () => void reader?.cancel().catch(() => {}), { once: true });
  while (reader && !gone.aborted) {
    const { done, value } = await reader.read();
    if (done) break;
    if (!outgoing.write(value)) await once(outgoing, 'drain', { signal: gone });
  }
  outgoing.end();
}
