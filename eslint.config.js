import tseslint from 'typescript-eslint';

const SYNTAX = [
  {
    selector:
      'ClassDeclaration[decorators.length>0] > ClassBody > MethodDefinition[kind="constructor"] > FunctionExpression > .params:not(:has(> Decorator[expression.callee.name="inject"]))',
    message: 'A plugin constructor takes dependencies by token: @inject(TOKEN).',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
];

// Weights have hundreds of millions of values: a callback for each takes seconds, and collecting them in a list first, as
// `from` does with a callback, ends Node.
const NO_CALLBACK_PER_VALUE = [
  {
    selector:
      'CallExpression[callee.property.name="from"][callee.object.name=/^(Int8|Uint8|Uint8Clamped|Int16|Uint16|Int32|Uint32|Float32|Float64|BigInt64)Array$/]:not([arguments.0.properties.0.value.type="Literal"])',
    message: 'Values of weights: `new Float32Array(source)`, or a plain loop into a new array.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(map|forEach|reduce|every|some|find|findIndex|filter)$/]:matches([callee.object.name=/^(data|codes|bits|weight)$/], [callee.object.property.name=/^(data|codes|bits)$/], [callee.object.expression.property.name=/^(data|codes|bits)$/])',
    message: 'Values of weights: a plain loop, not a callback for each.',
  },
];

export default tseslint.config(
  { ignores: ['dist/', 'examples/', '**/node_modules/', 'tests/fixtures/', '**/dist/'] },
  ...tseslint.configs.recommended,
  {
    files: ['**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      'no-restricted-syntax': ['error', ...SYNTAX],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
    },
  },
  { files: ['core/**/*.ts', 'plugins/**/*.ts'], rules: { 'no-console': 'error' } },
  {
    files: [
      'core/{graph,io,kernels,model,nn,train}/**/*.ts',
      'plugins/{backends,models,optimizers,quantizers,tuners}/**/*.ts',
    ],
    // The reference backend says what ops mean, on small tensors.
    ignores: ['core/io/rows/**', 'plugins/backends/reference/**'],
    rules: { 'no-restricted-syntax': ['error', ...SYNTAX, ...NO_CALLBACK_PER_VALUE] },
  },
  // A family's variants are one list, however long.
  { files: ['plugins/models/*.ts', 'core/config/not-built.ts'], rules: { 'max-lines': 'off' } },
  { files: ['vitest.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['**/*.js'], ...tseslint.configs.disableTypeChecked },
);
