// `npm test`, also in a fresh clone: installs, then runs every suite. What follows is in scripts/test/main.ts.
import { bootstrap } from './up/bootstrap.mjs';

await bootstrap('scripts/test/main.ts', process.argv.slice(2));
