import { type NextRequest, NextResponse } from 'next/server';

/**
 * Gives every page its own Content-Security-Policy with a fresh nonce (ASVS 3.4.3). It decides nothing about who may
 * see what: authorisation lives in the use cases, because proxies have been bypassed before.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(18))));
  const policy = contentSecurityPolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy); // Next reads the nonce for its own scripts from here
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  return response;
}

// The API has no pages: its policy is fixed (next.config.ts), and its bodies are not copied for a proxy that never reads them.
export const config = { matcher: [{ source: '/((?!_next/static|_next/image|api/).*)' }] };

function contentSecurityPolicy(nonce: string): string {
  const development = process.env.NODE_ENV === 'development';
  const walletConnect = process.env.WALLETCONNECT_PROJECT_ID
    ? ' https://*.walletconnect.com https://*.walletconnect.org wss://*.walletconnect.com wss://*.walletconnect.org'
    : '';
  return [
    "default-src 'self'",
    // wasm: what unpacks Parquet in the SQL console is WebAssembly; it compiles modules, never a text.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic' 'wasm-unsafe-eval'${development ? " 'unsafe-eval'" : ''}`,
    // RainbowKit, Radix and recharts set style attributes, which no nonce covers.
    "style-src 'self' 'unsafe-inline'",
    // data: for wallet icons (EIP-6963); no outside image can carry data away.
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    `connect-src 'self' ${rpcOrigins()}${walletConnect}${development ? ' ws:' : ''}`,
    `frame-src ${walletConnect ? 'https://verify.walletconnect.com https://verify.walletconnect.org' : "'none'"}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function rpcOrigins(): string {
  const url = process.env.RPC_URL;
  if (!url || !URL.canParse(url)) return '';
  const { origin, protocol, host } = new URL(url);
  return `${origin} ${protocol === 'https:' ? 'wss' : 'ws'}://${host}`;
}
