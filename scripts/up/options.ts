import { parseArgs } from 'node:util';
import { StartError } from './start-error.ts';

export type StartOptions = {
  dev: boolean;
  reset: boolean;
  yes: boolean;
  help: boolean;
  port: number | undefined;
  dataDir: string;
};

export const helpText = `npm start -- [options]

  --port N       port of the web server (default 3000, or PORT)
  --dev          Next in development mode, no build
  --data-dir D   where data, keys and logs are kept (default .data)
  --reset        wipe that folder first, after asking
  --yes          with --reset: do not ask
  --help         this text

Settings come from the environment and from a file .env; .env.example explains each.`;

/** Reads the command line. @throws {StartError} on an option that does not exist or a port that is none. */
export function parseOptions(args: readonly string[]): StartOptions {
  const options = {
    dev: { type: 'boolean', default: false },
    reset: { type: 'boolean', default: false },
    yes: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
    port: { type: 'string' },
    'data-dir': { type: 'string', default: '.data' },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    ({ values } = parseArgs({ args: [...args], options }));
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n\n${helpText}`);
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
    throw new StartError(
      `--port must be a number from 1 to 65535, got ${JSON.stringify(values.port)}. Example: --port 3001`,
    );
  }
  const { dev, reset, yes, help } = values;
  return { dev, reset, yes, help, port, dataDir: values['data-dir'] };
}
