/** Writes docs/reference/arguments.md from the argument schemas; with `--check`, fails when it is stale. */
import { commandArguments } from '../../core/config/commands.js';
import { NOT_BUILT } from '../../core/config/not-built.js';
import { WITHOUT_EFFECT } from '../../core/config/swift-arguments.js';
import { argumentTable } from './argument-table.js';
import { writeOrCheck } from './write-or-check.js';

const sections = Object.entries(commandArguments).map(
  ([command, known]) => `## swift ${command}\n\n${argumentTable(known, 'argument', (name) => `--${name}`)}`,
);
const text = `# Arguments

Generated from \`core/config\` by \`npm run docs\`; do not edit. Every argument is a flag (\`--name value\`) and a key of
a YAML file given as the first word (\`swift sft run.yaml\`); flags win over the file. Names are SWIFT 2.4's; newer
names are accepted beside them.

${sections.join('\n\n')}

## Without effect

SWIFT's command lines often hold these. They are accepted and said once, since none of them changes what a run computes:

${[...WITHOUT_EFFECT].map(([name, reason]) => `- \`--${name}\`: ${reason}`).join('\n')}

\`--bf16 true\` and \`--fp16 true\` are taken as \`--dtype bf16\` and \`--dtype fp16\`.

## Not built yet

These arguments of SWIFT are refused by name, never ignored: ${[...NOT_BUILT].map((name) => `\`${name}\``).join(', ')}.
`;
writeOrCheck('docs/reference/arguments.md', text);
