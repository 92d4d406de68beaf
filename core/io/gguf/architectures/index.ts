/** Every architecture (`general.architecture`) whose GGUF files are read. A new one is an entry of one of these files. */
import type { GgufEntries } from '../architecture.js';
import { CHINESE } from './chinese.js';
import { COHERES } from './cohere.js';
import { DBRX } from './dbrx.js';
import { DEEPSEEKS } from './deepseek.js';
import { ERNIES } from './ernie.js';
import { GEMMAS } from './gemma.js';
import { GLMS } from './glm.js';
import { GPTS } from './gpt.js';
import { GPT_OSS } from './gpt-oss.js';
import { LLAMAS } from './llama.js';
import { OLMOS } from './olmo.js';
import { PHIS } from './phi.js';
import { QWENS } from './qwen.js';
import { SCALED } from './scaled.js';
import { STATE_SPACES } from './state-space.js';

export const GGUF_ARCHITECTURES: GgufEntries = {
  ...LLAMAS,
  ...QWENS,
  ...GEMMAS,
  ...PHIS,
  ...GLMS,
  ...SCALED,
  ...DEEPSEEKS,
  ...OLMOS,
  ...COHERES,
  ...ERNIES,
  ...GPTS,
  ...GPT_OSS,
  ...STATE_SPACES,
  ...CHINESE,
  ...DBRX,
};
