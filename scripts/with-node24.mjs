// Runs a script of ours under the pinned Node, installing first where needed: with-node24.mjs scripts/x.ts [args].
import { bootstrap } from './up/bootstrap.mjs';

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('with-node24.mjs <script.ts> [arguments]');
  process.exit(2);
}
await bootstrap(entry, args);
