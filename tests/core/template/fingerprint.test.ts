import { expect, test } from 'vitest';
import { covers, fingerprintOf, ownFingerprints } from '../../../core/template/index.js';
import { spellingTokenizer } from '../../extras/spelling-tokenizer.js';
import { Chatml } from '../../../plugins/templates/chatml.js';
import { Deepseek } from '../../../plugins/templates/deepseek.js';
import { Gemma } from '../../../plugins/templates/gemma.js';
import { Qwen2_5 } from '../../../plugins/templates/qwen2_5.js';
import { Qwq } from '../../../plugins/templates/qwq.js';
import { Yuan } from '../../../plugins/templates/yuan.js';

const CHATML =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\n' + m.content + '<|im_end|>\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
const own = (chat_template: string) => ownFingerprints({ ...spellingTokenizer, chat_template });
const match = async (
  chat_template: string,
  template: Parameters<typeof fingerprintOf>[0],
): Promise<boolean> => (await own(chat_template)).some((one) => covers(fingerprintOf(template), one));

test('a checkpoint that says ChatML matches chatml, not one with a default system prompt or thoughts', async () => {
  expect(await match(CHATML, new Chatml())).toBe(true);
  expect(await match(`{{ bos_token }}${CHATML}`, new Chatml())).toBe(true);
  expect(await match(CHATML, new Qwen2_5())).toBe(false);
  expect(await match(CHATML, new Qwq())).toBe(false);
});

test('tokens are compared whether a template writes them out or takes them from the tokenizer', async () => {
  const turns =
    "{{ bos_token }}{% for m in messages %}{% if m.role == 'user' %}{{ 'User: ' + m.content + '\n\nAssistant:' }}" +
    "{% elif m.role == 'assistant' %}{{ m.content + eos_token }}{% else %}{{ m.content + '\n\n' }}{% endif %}{% endfor %}";
  expect(await match(turns, new Deepseek())).toBe(true);
  expect(
    await match(turns.replaceAll('bos_token', "'<bos>'").replaceAll('eos_token', "'<eos>'"), new Deepseek()),
  ).toBe(true);
});

test('a template must say all that the checkpoint says, and may say more', async () => {
  const gemma =
    "{{ bos_token }}{% if messages[0].role == 'system' %}{{ raise_exception('no system') }}{% endif %}" +
    "{% for m in messages %}{{ '<start_of_turn>' + ('model' if m.role == 'assistant' else m.role) + '\n' + m.content +" +
    " '<end_of_turn>\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<start_of_turn>model\n' }}{% endif %}";
  expect(await match(gemma, new Gemma())).toBe(true);
  expect(fingerprintOf(new Yuan())).toEqual(['', '', '']);
  expect(covers(['', '', ''], ['', '', ''])).toBe(false);
});

test('the day of a template is fixed', async () => {
  const dated = (await own("{{ strftime_now('%d %b %Y') }}")).flat();
  expect(dated).toEqual((await own('26 Jul 2024')).flat());
});
