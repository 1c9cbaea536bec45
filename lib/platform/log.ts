import { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import type { Env } from './env.ts';

/** Paths whose values never reach a log, at the top and one level down. */
const secretFields = [
  'password',
  'secret',
  'token',
  'apiKey',
  'authorization',
  'cookie',
  'privateKey',
  'signature',
  'sessionSecret',
  'DATABASE_URL',
  'INTERNAL_TOKEN',
  'METRICS_TOKEN',
  'SERVE_FLEETS',
  'SESSION_SECRET',
  'OPERATOR_PRIVATE_KEY',
  'S3_ACCESS_KEY_ID',
  'S3_SECRET_ACCESS_KEY',
];

/**
 * Logger of one process, named `web`, `jobs`, `serve` or `index`. In production each line is one JSON object on standard
 * output; in development a readable line. Errors go under `err`, secrets are replaced by `[redacted]`.
 */
export function createLogger(name: string, env: Pick<Env, 'LOG_LEVEL' | 'NODE_ENV'>, destination?: Writable): Logger {
  const options = {
    name,
    level: env.LOG_LEVEL,
    base: { name },
    redact: { paths: secretFields.flatMap((field) => [field, `*.${field}`]), censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  if (env.NODE_ENV === 'production') return destination ? pino(options, destination) : pino(options);
  return pino(options, readableLines(destination ?? process.stdout));
}

/** Turns JSON lines into `12:00:00 info worker: message {rest}`. */
function readableLines(output: NodeJS.WritableStream): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      const { time, level, name, msg, err, ...rest } = JSON.parse(chunk.toString()) as Record<string, unknown>;
      const facts = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
      const stack = err ? `\n${(err as { stack?: string }).stack ?? JSON.stringify(err)}` : '';
      output.write(`${String(time).slice(11, 19)} ${level} ${name}: ${msg ?? ''}${facts}${stack}\n`);
      done();
    },
  });
}
