import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pastedPath } from '../../../core/cli/pasted-path.js';

test.each([
  ['a.png', 'a.png'],
  [" '/tmp/two words.png' ", '/tmp/two words.png'],
  ['"/tmp/two words.png"', '/tmp/two words.png'],
  [String.raw`/tmp/two\ words\ \(1\).png`, '/tmp/two words (1).png'],
  ['~/a.png', join(homedir(), 'a.png')],
  ["'~/a.png'", join(homedir(), 'a.png')],
  ['~name/a.png', '~name/a.png'],
  ["it's.png", "it's.png"],
  [String.raw`'/tmp/it'\''s.png'`, "/tmp/it's.png"],
  ['https://example.org/a%20b.png', 'https://example.org/a%20b.png'],
])('%s is %s', (line, path) => {
  expect(pastedPath(line)).toBe(path);
});
