// The import rules of docs/architecture ("who may import whom"), judged by dependency-cruiser in `npm test`.
// Every rule has a planted violation in scripts/check/check-boundaries.ts, which fails when a rule no longer bites.

// dependency-cruiser 17 asks swc to parse every file as .ts, which fails on JSX; TypeScript 7 has no parser that it knows.
const swc = require('@swc/core');
const parseFileSync = swc.parseFileSync;
swc.parseFileSync = (file, options) => parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') });

/** Features are the folders of lib/ that are not foundations. */
const foundations = '^lib/(kernel|platform|engine)/';
const anyTest = '([.]test[.]tsx?$|/test-support/)';
// Tests may reach for the harness and for other slices to set a scene.
const code = (path) => ({ path, pathNot: anyTest });
const ours = '^(app|components|lib|db|worker|contracts-abi|scripts|e2e)/';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'kernel-imports-nothing-of-ours',
      severity: 'error',
      from: code('^lib/kernel/'),
      to: { path: ours, pathNot: '^lib/kernel/' },
    },
    {
      name: 'engine-imports-only-itself',
      severity: 'error',
      from: { path: '^lib/engine/' },
      to: { path: ours, pathNot: '^lib/engine/' },
    },
    {
      name: 'client-imports-only-itself',
      severity: 'error',
      from: code('^lib/client/'),
      to: { path: [ours, 'node_modules/'], pathNot: '^lib/client/' },
    },
    {
      name: 'engine-uses-only-its-packages',
      severity: 'error',
      from: code('^lib/engine/'),
      to: {
        dependencyTypes: ['npm', 'npm-dev'],
        pathNot: 'node_modules/(onnxruntime|@huggingface/(tokenizers|jinja))',
      },
    },
    {
      name: 'lib-asks-engine-only-to-inspect',
      comment: 'inspection reads headers; whatever loads weights or runs sessions belongs to the worker',
      severity: 'error',
      from: { ...code('^lib/'), pathNot: ['^lib/engine/', anyTest] },
      to: { path: '^lib/engine/', pathNot: '^lib/engine/io/inspect-model[.]ts$' },
    },
    {
      name: 'app-never-engine-or-worker',
      severity: 'error',
      from: { path: '^(app|components)/' },
      to: { path: '^(lib/engine|worker|scripts|e2e)/' },
    },
    {
      name: 'components-are-browser-safe',
      comment: 'of a feature its types, schema and pure rules; never its use cases, the platform or the database',
      severity: 'error',
      from: code('^components/'),
      to: {
        path: '^(app|lib|db)/',
        pathNot: [
          '^lib/kernel/',
          '^lib/([^/]+|platform/auth)/(types|schema|rules|limits)[.]ts$',
          '^lib/contributions/parse/',
        ],
      },
    },
    {
      name: 'platform-below-features',
      severity: 'error',
      from: code('^lib/platform/'),
      to: { path: '^lib/', pathNot: foundations },
    },
    {
      name: 'features-meet-through-types-schema-queries',
      comment: 'a read may also stand in a file of its own; its name begins with get-, find- or list-',
      severity: 'error',
      from: { path: '^lib/([^/]+)/', pathNot: [foundations, anyTest] },
      to: {
        path: '^lib/',
        pathNot: ['^lib/$1/', foundations, '^lib/[^/]+/((types|schema|queries|errors)|(get|find|list)-[^/]+)[.]ts$'],
      },
    },
    {
      name: 'lib-below-app-and-worker',
      severity: 'error',
      from: code('^lib/'),
      to: { path: '^(app|components|worker|scripts|e2e)/' },
    },
    {
      name: 'db-knows-only-kernel',
      comment: 'the seed goes through the use cases that users go through, so it stands above them',
      severity: 'error',
      from: { path: '^db/', pathNot: ['^db/seed', anyTest] },
      to: { path: ours, pathNot: ['^db/', '^lib/kernel/'] },
    },
    {
      name: 'abi-is-a-leaf',
      severity: 'error',
      from: { path: '^contracts-abi/' },
      to: { path: ours, pathNot: '^contracts-abi/' },
    },
    {
      name: 'worker-knows-nothing-of-the-web',
      severity: 'error',
      from: code('^worker/'),
      to: { path: '^(app|components|scripts|e2e)/', pathNot: '^scripts/up/parent-watch[.]ts$' },
    },
    {
      name: 'only-app-and-components-know-next-and-react',
      severity: 'error',
      from: { path: '^(lib|db|worker|contracts-abi)/' },
      to: { path: 'node_modules/(next|react|react-dom)/' },
    },
    {
      name: 'no-test-in-production',
      severity: 'error',
      from: { path: '^(app|components|lib|db|worker)/', pathNot: anyTest },
      to: { path: [anyTest, '^scripts/test/'] },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: ours },
      to: { circular: true },
    },
    { name: 'no-dead-imports', severity: 'error', from: {}, to: { couldNotResolve: true, pathNot: '^server-only$' } },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^([.]next|[.]data|[.]cache|test-results|contracts)/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.cjs', '.json', '.css'],
    },
  },
};
