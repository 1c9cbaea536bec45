import { Launcher } from './launcher.ts';
import { helpText, parseOptions, type StartOptions } from './options.ts';
import { StartError } from './start-error.ts';

/** What `npm start` runs under the pinned Node. Exits 1 with a sentence when the start cannot go on. */
let launcher: Launcher | undefined;
let ending: Promise<void> | undefined;

/** Stops everything once, whoever asks first: a signal, the death of `npm start`, a failed step. */
function end(code: number): Promise<void> {
  ending ??= (launcher?.stop() ?? Promise.resolve()).finally(() => process.exit(code));
  return ending;
}

function readOptions(): StartOptions {
  try {
    return parseOptions(process.argv.slice(2));
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

const options = readOptions();
if (options.help) {
  console.log(helpText);
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (!ending) console.log('\n  stopping …');
    void end(signal === 'SIGINT' ? 130 : 0);
  });
}
process.on('disconnect', () => void end(1)); // scripts/start.mjs was killed
process.channel?.unref();

try {
  launcher = new Launcher(options);
  await launcher.start();
} catch (error) {
  if (!ending) console.error(`\n${error instanceof StartError ? error.message : ((error as Error).stack ?? error)}`);
  await end(1);
}
