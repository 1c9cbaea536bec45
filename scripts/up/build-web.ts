import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourceHash } from './source-hash.ts';
import { StartError } from './start-error.ts';

/** What `next build` reads; of `db` only what the server uses, so that new sample rows do not cost a build. */
const inputs = [
  ...['app', 'components', 'lib', 'db/schema', 'db/client.ts', 'db/columns.ts', 'contracts-abi', 'public', 'docs'],
  ...['next.config.ts', 'postcss.config.mjs', 'proxy.ts', 'instrumentation.ts', 'instrumentation-client.ts'],
  ...['package.json', 'package-lock.json'],
];

/**
 * Builds the production web server into `.next` unless its sources are those of the last build.
 *
 * @throws {StartError} with the end of the log when the build fails.
 */
export async function buildWeb(
  root: string,
  options: { env: Record<string, string>; logFile: string },
): Promise<'built' | 'unchanged'> {
  const stamp = join(root, '.next/openledger-build');
  const hash = sourceHash(root, inputs, process.version);
  if (existsSync(join(root, '.next/BUILD_ID')) && readText(stamp) === hash) return 'unchanged';
  rmSync(stamp, { force: true });
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'w');
  const child = spawn(process.execPath, ['node_modules/next/dist/bin/next', 'build'], {
    cwd: root,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...options.env, NODE_ENV: 'production' },
    stdio: ['ignore', log, log],
  });
  const code = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (code !== 0) {
    const tail = readText(options.logFile).split('\n').slice(-30).join('\n');
    throw new StartError(`next build failed. The end of ${options.logFile}:\n\n${tail}`);
  }
  writeFileSync(stamp, hash);
  return 'built';
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
