/** Arguments whose entries may be files with one text on each line. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commandLine } from '../../../core/config/command-line.js';
import { TINY } from '../../e2e/swift.js';

const folder = mkdtempSync(join(tmpdir(), 'swift-'));
const tokensOf = (content: string | Uint8Array): readonly string[] | undefined => {
  const file = join(folder, 'tokens.txt');
  writeFileSync(file, content);
  return commandLine('sft', ['--model', TINY, '--new_special_tokens', file, '<last>']).new_special_tokens;
};

test('its lines stand in its place; line ends of Windows and a mark of the byte order are none of them', () => {
  expect(tokensOf('<a>\n<b>\n')).toEqual(['<a>', '<b>', '<last>']);
  expect(tokensOf('\ufeff<a>\r\n<b>\r\n')).toEqual(['<a>', '<b>', '<last>']);
});

test.each([
  ['is empty', ''],
  ['is empty', '\n\n'],
  ['is not UTF-8', Uint8Array.of(0xff, 0xfe, 0x3c)],
])('a file that %s is refused', (fault, content) => {
  expect(() => tokensOf(content)).toThrow(new RegExp(`--new_special_tokens: .*tokens\\.txt ${fault}`));
});
