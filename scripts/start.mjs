// `npm start`, also in a fresh clone: installs, then starts everything. What follows is in scripts/up/main.ts.
import { bootstrap } from './up/bootstrap.mjs';

await bootstrap('scripts/up/main.ts', process.argv.slice(2));
