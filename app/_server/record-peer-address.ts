import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { peerHeader } from './client-address.ts';

/**
 * Writes the socket's address into a header of every request that this process's HTTP servers receive. Next gives route
 * handlers no socket and keeps a client's own `x-forwarded-for`, so without this anybody could choose the address under
 * which free answers are counted.
 *
 * Node publishes the channel before the server's own listeners see the request (node:diagnostics_channel, built-in channels).
 */
export function recordPeerAddress(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    request.headers[peerHeader()] = request.socket.remoteAddress ?? 'unknown';
  });
}
