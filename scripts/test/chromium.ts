import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from './run-command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Debian's browser without windows draws the same pages for two fifths of the processor time. */
const shell = 'chromium-headless-shell';
const names = [shell, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Path of the browser, nothing when Playwright's own is used, or what a person must install. */
export type Chromium = { path?: string } | { missing: string };

/** Finds Chromium, or installs it: Debian's package as root, else Playwright's download. */
export async function ensureChromium(logFile: string): Promise<Chromium> {
  const given = process.env.CHROMIUM_PATH ?? findOnPath([shell]);
  if (given) return { path: given };
  if (process.getuid?.() === 0 && findOnPath(['apt-get'])) {
    const options = { cwd: root, logFile, env: { DEBIAN_FRONTEND: 'noninteractive' } };
    const install = (name: string) =>
      runCommand('apt-get', ['install', '-y', '--no-install-recommends', name], options);
    await runCommand('apt-get', ['update'], options); // an unreachable extra source is no reason to give up
    if ((await install(shell)) !== 0 && !findOnPath(names)) await install('chromium');
  }
  const found = findOnPath(names);
  if (found) return { path: found };
  const playwright = join(root, 'node_modules/@playwright/test/cli.js');
  const args = [playwright, 'install', '--only-shell', 'chromium'];
  if ((await runCommand(process.execPath, args, { cwd: root, logFile })) === 0) return {};
  return {
    missing:
      'No Chromium: install it (Debian: `sudo apt-get install chromium`; elsewhere: `npx playwright install --with-deps chromium`) or give its path in CHROMIUM_PATH.',
  };
}

function findOnPath(programs: readonly string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(process.platform === 'win32' ? ';' : ':').filter(Boolean);
  return programs.flatMap((name) => folders.map((folder) => join(folder, name))).find((path) => existsSync(path));
}
