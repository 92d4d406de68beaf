import { createHash } from 'node:crypto';
import type { Message } from '../contracts/row.js';
import type { Template } from '../contracts/template.js';
import type { Tokenizer } from '../contracts/tokenizer.js';
import { isSwiftError } from '../errors.js';
import { createJinjaTemplate } from './jinja-template.js';

/**
 * How a template renders each probe, as hashes; the empty string for a probe it refuses. A registered template and a
 * checkpoint's own are held side by side by it without importing the registered one.
 */
export type Fingerprint = readonly string[];

const ask = (answer: string): readonly Message[] => [
  { role: 'user', content: 'First question' },
  { role: 'assistant', content: answer },
  { role: 'user', content: 'Second question' },
];
/** Two turns up to the second answer: without a system prompt, with one, and with a thought in the first answer. */
const PROBES: readonly (readonly Message[])[] = [
  ask('First answer'),
  [{ role: 'system', content: 'Be brief' }, ...ask('First answer')],
  ask('<think>\nA thought\n</think>\n\nFirst answer'),
];

/** The fingerprint of a registered template. Tokens that it takes from a tokenizer are left out: there is none. */
export function fingerprintOf(template: Template): Fingerprint {
  return PROBES.map((messages) => hash(render(template, messages, plainTokenizer())));
}

/**
 * Fingerprints that a registered template may have which says what the checkpoint's own says: with the text of BOS and
 * EOS written out, as some templates do, or left out, where they take it from the tokenizer.
 */
export async function ownFingerprints(tokenizer: Tokenizer): Promise<readonly Fingerprint[]> {
  const own = await createJinjaTemplate(tokenizer);
  const texts = PROBES.map((messages) => render(own, messages, plainTokenizer(tokenizer.specialTokens)));
  const { bos_token: bos = '', eos_token: eos = '' } = tokenizer.specialTokens;
  return [[], [bos], [eos], [bos, eos]].map((without) =>
    texts.map((text) => hash(without.reduce((rest, token) => rest?.replaceAll(token, ''), text))),
  );
}

/** Whether a registered template says all that a checkpoint's own says, and says it the same. */
export function covers(registered: Fingerprint, own: Fingerprint): boolean {
  return own.some((hash) => hash !== '') && own.every((hash, i) => hash === '' || hash === registered[i]);
}

function render(template: Template, messages: readonly Message[], tokenizer: Tokenizer): string | undefined {
  try {
    return tokenizer.decode(template.prompt(messages, tokenizer));
  } catch (error) {
    if (isSwiftError(error)) return undefined;
    throw error;
  }
}

const hash = (text: string | undefined): string =>
  text === undefined ? '' : createHash('sha256').update(text).digest('hex').slice(0, 12);

/** Ids are code points, so that a template's ids are its text. */
function plainTokenizer(specialTokens: Readonly<Record<string, string>> = {}): Tokenizer {
  return {
    vocabSize: 0x110000,
    specialTokens,
    encode: (text) => Array.from(text, (character) => character.codePointAt(0)!),
    decode: (ids) => ids.map((id) => String.fromCodePoint(id)).join(''),
    tokenToId: () => undefined,
    idToToken: () => undefined,
  };
}
