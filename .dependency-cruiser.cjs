/** Who may import whom (docs/architecture.md). */
const heavy =
  'node_modules/(@tensorflow|@huggingface|onnxruntime-node|csv-parse|hyparquet|pbf|sharp|fluent-ffmpeg)';

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Ops refer to each other in their gradient rules, at run time only, long after loading.',
      severity: 'error',
      from: { pathNot: '^core/graph/' },
      to: {
        circular: true,
        dependencyTypesNot: ['type-only'],
        viaOnly: { dependencyTypesNot: ['type-only'] },
      },
    },
    {
      name: 'core-knows-no-plugin',
      severity: 'error',
      from: { path: '^core/' },
      to: { path: '^plugins/' },
    },
    {
      name: 'plugins-use-the-door',
      comment:
        "Plugins import 'swift-ts/plugin'; models, tuners, quantizers and codecs also nn and graph, models gguf, backends graph.",
      severity: 'error',
      from: { path: '^plugins/(?!backends|models|tuners|quantizers|codecs)' },
      to: { path: '^core/', pathNot: '^core/plugin\\.ts$' },
    },
    {
      name: 'model-plugins-use-nn-by-its-index',
      severity: 'error',
      from: { path: '^plugins/(models|tuners|quantizers|codecs)/' },
      to: { path: '^core/', pathNot: '^core/(plugin|nn/index|graph/index|io/gguf/entry)\\.ts$' },
    },
    {
      name: 'backends-use-graph-by-its-index',
      severity: 'error',
      from: { path: '^plugins/backends/' },
      to: { path: '^core/', pathNot: '^core/(plugin|graph/index)\\.ts$' },
    },
    {
      name: 'plugins-are-strangers',
      severity: 'error',
      from: { path: '^plugins/([^/]+)/([^/]+)' },
      to: { path: '^plugins/', pathNot: '^plugins/$1/(_|$2)' },
    },
    {
      name: 'graph-stands-alone',
      severity: 'error',
      from: { path: '^core/graph/' },
      to: { pathNot: '^core/graph/' },
    },
    {
      name: 'kernels-stand-alone',
      severity: 'error',
      from: { path: '^core/kernels/' },
      to: { pathNot: '^core/kernels/' },
    },
    {
      name: 'nn-stands-on-graph',
      severity: 'error',
      from: { path: '^core/nn/' },
      to: { pathNot: '^core/(nn|graph)/' },
    },
    {
      name: 'runtime-stands-on-graph-nn-contracts-kernels',
      severity: 'error',
      from: { path: '^core/runtime/' },
      to: { pathNot: '^core/(runtime|nn|graph|contracts|kernels)/' },
    },
    {
      name: 'no-node-in-the-portable-core',
      severity: 'error',
      from: { path: '^(core/(graph|nn|runtime|kernels)|plugins/templates)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'nothing-imports-the-command-line',
      severity: 'error',
      from: { path: '^(core|plugins)/', pathNot: '^core/cli/' },
      to: { path: '^core/cli/' },
    },
    {
      name: 'scripts-and-tests-are-strangers',
      comment: 'What both need has a room of its own: parity, local-hub.',
      severity: 'error',
      from: { path: '^(scripts|tests)/' },
      to: { path: '^(scripts|tests)/', pathNot: '^$1/' },
    },
    {
      name: 'rooms-of-measuring-know-neither',
      severity: 'error',
      from: { path: '^(parity|local-hub)/' },
      to: { path: '^(scripts|tests)/', pathNot: '^tests/(extras|fixtures)/' },
    },
    {
      name: 'tsyringe-through-di',
      severity: 'error',
      from: { pathNot: '^core/di\\.ts$' },
      to: { path: 'node_modules/(tsyringe|reflect-metadata)' },
    },
    {
      name: 'heavy-libraries-stay-lazy',
      comment:
        'Imported dynamically, by one adapter each; pbf and the tokenizers are small and always needed.',
      severity: 'error',
      from: { path: '^(core|plugins)/' },
      to: {
        path: heavy,
        pathNot: 'node_modules/(pbf|@huggingface/tokenizers)',
        dynamic: false,
        dependencyTypesNot: ['type-only', 'type-import'],
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    enhancedResolveOptions: {
      conditionNames: ['swift-source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.d.ts'],
    },
  },
};
