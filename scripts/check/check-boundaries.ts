import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folders = ['app', 'components', 'lib', 'db', 'worker', 'contracts-abi', 'scripts', 'e2e'];

/** dependency-cruiser sees no module, and is content, when its parser is missing; we have had more since the beginning. */
const modulesMin = 300;

/** For each rule a file that breaks it; what it imports is made, empty. */
const planted: Record<string, { file: string; imports: string }> = {
  'kernel-imports-nothing-of-ours': { file: 'lib/kernel/a.ts', imports: '#db/client.ts' },
  'engine-imports-only-itself': { file: 'lib/engine/a.ts', imports: '../kernel/b.ts' },
  'engine-uses-only-its-packages': { file: 'lib/engine/b.ts', imports: 'zod' },
  'client-imports-only-itself': { file: 'lib/client/a.ts', imports: '#lib/kernel/b.ts' },
  'lib-asks-engine-only-to-inspect': { file: 'lib/rewards/h.ts', imports: '#lib/engine/c.ts' },
  'app-never-engine-or-worker': { file: 'app/page.tsx', imports: '#lib/engine/c.ts' },
  'components-are-browser-safe': { file: 'components/a.tsx', imports: '#lib/datanets/create-datanet.ts' },
  'platform-below-features': { file: 'lib/platform/a.ts', imports: '#lib/datanets/types.ts' },
  'features-meet-through-types-schema-queries': { file: 'lib/rewards/a.ts', imports: '../datanets/create-datanet.ts' },
  'lib-below-app-and-worker': { file: 'lib/rewards/b.ts', imports: '#worker/a.ts' },
  'db-knows-only-kernel': { file: 'db/schema/a.ts', imports: '#lib/platform/b.ts' },
  'abi-is-a-leaf': { file: 'contracts-abi/a.ts', imports: '#lib/kernel/c.ts' },
  'worker-knows-nothing-of-the-web': { file: 'worker/b.ts', imports: '../app/b.tsx' },
  'only-app-and-components-know-next-and-react': { file: 'lib/rewards/c.ts', imports: 'react' },
  'no-test-in-production': { file: 'lib/rewards/d.ts', imports: './e.test.ts' },
  'no-cycles': { file: 'lib/datanets/f.ts', imports: './f.ts' },
  'no-dead-imports': { file: 'lib/datanets/g.ts', imports: './nowhere.ts' },
};

type Violation = { rule: { name: string }; from: string; to: string };

/** Lines that say which imports break the architecture, and which rules no longer find their planted violation. */
export async function checkBoundaries(): Promise<string[]> {
  const real = await cruise(root);
  const problems = real.violations.map(({ rule, from, to }) => `${rule.name}: ${from} imports ${to}`);
  if (real.modules < modulesMin) {
    problems.push(`only ${real.modules} modules were read, at least ${modulesMin} were expected: the parser is broken`);
  }
  return [...problems, ...(await missedRules())];
}

async function missedRules(): Promise<string[]> {
  const tree = mkdtempSync(join(tmpdir(), 'openledger-boundaries-'));
  try {
    plant(tree);
    const found = new Set((await cruise(tree)).violations.map(({ rule }) => rule.name));
    const { forbidden } = (await import(pathToFileURL(join(root, '.dependency-cruiser.cjs')).href)).default as {
      forbidden: { name: string }[];
    };
    return forbidden
      .filter(({ name }) => !found.has(name))
      .map(({ name }) => `${name}: the planted violation (${planted[name]?.file ?? 'none is planted'}) was not found`);
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function plant(tree: string): void {
  cpSync(join(root, 'package.json'), join(tree, 'package.json'));
  symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'));
  for (const { file, imports } of Object.values(planted)) {
    write(join(tree, file), `import '${imports}';\n`);
    const target = imports.startsWith('#') ? join(tree, imports.slice(1)) : join(tree, dirname(file), imports);
    const isOurs = /^[#.]/.test(imports) && !imports.includes('nowhere');
    if (isOurs && !existsSync(target)) write(target, 'export {};\n');
  }
  // A cycle needs two: f imports h, h imports f.
  write(join(tree, 'lib/datanets/f.ts'), `import './h.ts';\n`);
  write(join(tree, 'lib/datanets/h.ts'), `import './f.ts';\n`);
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function cruise(cwd: string): Promise<{ modules: number; violations: Violation[] }> {
  const program = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const args = [program, '--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json'];
  const present = folders.filter((folder) => existsSync(join(cwd, folder)));
  const output = await new Promise<string>((resolve, reject) => {
    const options = { cwd, maxBuffer: 256 * 1024 * 1024 };
    execFile(process.execPath, [...args, ...present], options, (error, stdout, stderr) => {
      // It exits with the number of violations; only an empty answer is a failure.
      if (stdout) resolve(stdout);
      else reject(error ?? new Error(stderr));
    });
  });
  const { summary, modules } = JSON.parse(output) as {
    summary: { violations: Violation[] };
    modules: { source: string }[];
  };
  const ours = modules.filter(({ source }) => folders.some((folder) => source.startsWith(`${folder}/`)));
  return { modules: ours.length, violations: summary.violations };
}
