import type { StandardRow } from '../../core/contracts/row.js';

/** Where a template says something else than SWIFT on purpose; docs/differences.md tells why. */
interface Departure {
  /** SWIFT's texts, not learned and learned in turn, as they are said here. */
  readonly parts?: (parts: readonly string[]) => readonly string[];
  /** What is not compared. */
  readonly skip?: (mode: string, row: StandardRow) => boolean;
}

const replace =
  (from: string | RegExp, to: string) =>
  (parts: readonly string[]): readonly string[] =>
    parts.map((part) => part.replaceAll(from, to));

const everything = { skip: () => true };
const severalTurns = ({ messages }: StandardRow): boolean =>
  messages.filter(({ role }) => role === 'assistant').length > 1;
const thinks = ({ messages }: StandardRow): boolean =>
  messages.some(({ content }) => content.includes('<think>'));

/** Of a few tokens SWIFT knows the text from generation_config.json, or leaves the last character out. */
const COHERE: Departure = {
  parts: (parts) =>
    replace(
      '<|END_OF_TURN_TOKEN|<|START',
      '<|END_OF_TURN_TOKEN|><|START',
    )(parts).map((part, i) => (i === 0 && !part.startsWith('<BOS_TOKEN>') ? `<BOS_TOKEN>${part}` : part)),
};

/** Its stop token by its text. */
const TELECHAT: Departure = { parts: replace('<eos>', '<_end>') };

/** A guard judges one text; should it have thought before, that is taken out. */
const GUARD: Departure = { skip: (mode, row) => mode === 'prompt' && thinks(row) };

/** The line break after `<|assistant|>` is the model's to write, so it is learned. */
const GLM: Departure = {
  parts: (parts) =>
    parts.map((part, i) =>
      i % 2 === 0
        ? part.replace(/<\|assistant\|>\n$/, '<|assistant|>')
        : parts[i - 1].endsWith('<|assistant|>\n')
          ? `\n${part}`
          : part,
    ),
};

export const DEPARTURES: Readonly<Record<string, Departure>> = {
  aya: COHERE,
  c4ai: COHERE,
  chatglm3: GLM,
  chatglm4: GLM,
  codegeex4: GLM,
  glm4: GLM,
  glm4_5: GLM,
  glm4_z1_rumination: GLM,
  deepseek2: { parts: (parts) => replace('<100001>', '<eos>')(replace('<100000>', '<bos>')(parts)) },
  deepseek2_5: { parts: replace('<｜end_of_sentense｜>', '<｜end▁of▁sentence｜>') },
  // It writes <response> around answers.
  ernie_thinking: everything,
  // An answer with thoughts kept names its channels itself.
  gpt_oss: { skip: (mode, row) => mode === 'keep' || thinks(row) },
  // It takes out what stands before <answer>.
  hunyuan: { skip: (mode, row) => mode !== 'keep' && (thinks(row) || severalTurns(row)) },
  // It knows thoughts by <think:opensource> alone, and says empty ones twice in earlier answers.
  hy_v3: { skip: (mode, row) => mode === 'add-empty' && (thinks(row) || severalTurns(row)) },
  // Spaces around answers, as the vendor has them.
  llama: {
    skip: (mode, row) => mode === 'prompt' && severalTurns(row),
    parts: (parts) => parts.map((part, i) => (i % 2 === 1 ? ` ${part.replace('</s>', ' </s>')}` : part)),
  },
  // A character that stands twice in the vendor's text, and in SWIFT's until lately.
  marco_o1: { parts: replace('另一个是数学', '另一个是是数学') },
  mistral_nemo: { parts: replace('{{SYSTEM}}\n\n', '') },
  // SWIFT 2 adds BOS, SWIFT 3 does not.
  openbuddy2: { parts: (parts) => parts.map((part, i) => (i === 0 ? `<bos>${part}` : part)) },
  qwen3_guard: GUARD,
  yufeng_xguard: GUARD,
  // It takes the system prompt for an instruction, and the answer for a document.
  qwen3_reranker: everything,
  // It writes a thinking budget into the conversation.
  seed_oss: everything,
  telechat: TELECHAT,
  telechat2: TELECHAT,
  // SWIFT 2 joins turns without the stop token.
  'telechat-v2': {
    parts: (parts) =>
      parts.map((part, i) =>
        i % 2 === 1 && i < parts.length - 1
          ? `${part}<_end>`
          : part.replaceAll(/(?<=.)<_user>/g, '<_end><_user>'),
      ),
  },
};
