// Runs a TypeScript file of ours under the pinned Node 24, whatever Node started npm: node scripts/with-node24.mjs <file> [arguments]
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('..', import.meta.url);
const candidates = ['node_modules/node/bin/node', 'node_modules/node/bin/node.exe'].map((path) =>
  fileURLToPath(new URL(path, root)),
);
const node = candidates.find((path) => existsSync(path));
if (!node) {
  console.error('The pinned Node is not installed yet. Run `npm install` first (npm start does it for you).');
  process.exit(1);
}
const child = spawn(node, process.argv.slice(2), { stdio: 'inherit', cwd: fileURLToPath(root) });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
