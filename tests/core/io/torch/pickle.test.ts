import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PickleError, unpickle, type PickleRules } from '../../../../core/io/torch/pickle.js';
import { readStateDict } from '../../../../core/io/torch/tensor.js';
import { pickleOf } from './writer.js';

const rules: PickleRules = {
  globals: new Map<string, unknown>([
    ['m.add', ([a, b]: readonly number[]) => a + b],
    ['m.thing', 'a thing'],
  ]),
  persistent: (id) => ({ id }),
};
const read = (latin1: string): unknown => unpickle(Buffer.from(latin1, 'latin1'), rules);

describe('unpickle', () => {
  test.each([
    [
      'numbers of every width',
      '\x80\x02(J\xff\xff\xff\xffK\x07M\x01\x02\x8a\x02\x00\x80t.',
      [-1, 7, 513, -32768],
    ],
    ['a float', 'G\x3f\xf8\x00\x00\x00\x00\x00\x00.', 1.5],
    ['a long integer', '\x8a\x09\x00\x00\x00\x00\x00\x00\x00\x00\x01.', 2n ** 64n],
    ['nothing, true, false', '(N\x88\x89t.', [null, true, false]],
    ['texts', '(X\x02\x00\x00\x00\xc3\xa4U\x01b\x8c\x01ct.', ['ä', 'b', 'c']],
    ['tuples', '(K\x01\x85K\x01K\x02\x86K\x01K\x02K\x03\x87)t.', [[1], [1, 2], [1, 2, 3], []]],
    ['a list', '](K\x01K\x02eK\x03a.', [1, 2, 3]],
    [
      'a dict',
      '}(U\x01aK\x01uU\x01bK\x02s.',
      new Map([
        ['a', 1],
        ['b', 2],
      ]),
    ],
    ['a value kept and recalled', '(K\x05q\x00h\x000h\x00t.', [5, 5]],
    ['a value kept by its turn', '\x80\x04(K\x05\x94K\x06\x94h\x00h\x01t.', [5, 6, 5, 6]],
    ['a frame', '\x80\x04\x95\x02\x00\x00\x00\x00\x00\x00\x00N.', null],
    ['a call of what is allowed', 'cm\nadd\nK\x02K\x03\x86R.', 5],
    ['a name of protocol 4', '\x8c\x01m\x8c\x05thing\x93.', 'a thing'],
    ['attributes of a dict', '}}U\x01aK\x01sb.', new Map()],
    ['a persistent id', 'K\x01Q.', { id: 1 }],
  ])('%s', (_, pickle, expected) => {
    expect(read(pickle)).toEqual(expected);
  });

  test.each([
    ['a name that is not allowed', 'cos\nsystem\nU\x02ls\x85R.', 'names os.system'],
    ['the same in protocol 4', '\x8c\x02os\x8c\x06system\x93.', 'names os.system'],
    ['a name that every object has', 'cconstructor\nconstructor\n.', 'names constructor.constructor'],
    ['a new object', 'cm\nthing\n)\x81.', 'opcode NEWOBJ at byte 10'],
    ['a call of what is no function', 'cm\nthing\n)R.', 'calls what is no function'],
    ['arguments that are no tuple', 'cm\nadd\nNR.', 'calls what is no function'],
    ['an unknown instruction', '\xff.', 'opcode 0xff at byte 0'],
    ['a newer protocol', '\x80\x05N.', 'protocol 5'],
    ['a value from nowhere', '(K\x010R.', 'takes a value'],
    ['a mark from nowhere', 't.', 'ends a list'],
    ['a memo from nowhere', 'h\x07.', 'recalls value 7'],
    ['an append to a tuple', 'K\x01\x85K\x02a.', 'no list'],
    ['an item of a list', ']K\x01K\x02s.', 'no dict'],
    ['a name that is a list', '(]t]\x93.', 'no name'],
    ['a cut text', 'X\xff\xff\xff\xffab', 'ends too early'],
    ['a cut name', 'cos', 'within a name'],
    ['no end', 'N', 'ends too early'],
  ])('%s is refused', (_, pickle, message) => {
    expect(() => read(pickle)).toThrow(PickleError);
    expect(() => read(pickle)).toThrow(message);
  });
});

/** What may come of bytes that nobody vouches for: a value, or a PickleError. */
function survives(bytes: Uint8Array): void {
  for (const interpret of [() => unpickle(bytes, rules), () => readStateDict(bytes)]) {
    try {
      interpret();
    } catch (error) {
      if (!(error instanceof PickleError)) throw error;
    }
  }
}

describe('hostile pickles', () => {
  test('any bytes make a value or a PickleError', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 2000 });
  });

  test('so do instructions in any order', () => {
    const words = [
      ...[
        '\x80\x02',
        '(',
        ')',
        '0',
        'N',
        '\x88',
        'J\x01\x00\x00\x00',
        'K\x03',
        'M\xff\xff',
        '\x8a\x01\x05',
        'U\x01a',
      ],
      ...[
        'X\x07\x00\x00\x00storage',
        '\x85',
        '\x86',
        '\x87',
        't',
        ']',
        'a',
        'e',
        '}',
        's',
        'u',
        'R',
        'b',
        'Q',
        '\x93',
      ],
      ...['q\x00', 'q\x01', 'h\x00', 'h\x01', '\x94', 'cm\nadd\n', 'ccollections\nOrderedDict\n', '.'],
      ...[
        'ctorch._utils\n_rebuild_tensor_v2\n',
        'ctorch\nFloatStorage\n',
        'ctorch._utils\n_rebuild_parameter\n',
      ],
    ];
    const programs = fc.array(fc.constantFrom(...words), { maxLength: 60 });
    fc.assert(
      fc.property(programs, (program) => survives(Buffer.from(`${program.join('')}.`, 'latin1'))),
      { numRuns: 3000 },
    );
  });

  test('so does a state dict with bytes changed', () => {
    const sound = pickleOf([
      { name: 'w', storage: 'FloatStorage', shape: [2, 3], data: new Uint8Array(24) },
      { name: 'b', storage: 'HalfStorage', shape: [], data: new Uint8Array(2) },
    ]);
    const change = fc.tuple(fc.nat(sound.length - 1), fc.nat(255));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = Uint8Array.from(sound);
        for (const [at, value] of changes) bytes[at] = value;
        survives(bytes);
      }),
      { numRuns: 2000 },
    );
  });

  test('lists of lists of lists cost what they say, not what they would unfold to', () => {
    const doubled = Array.from({ length: 200 }, () => '\x86q\x00h\x00').join('');
    expect(() => read(`K\x00q\x00h\x00${doubled}\x93.`)).toThrow('no name');
    expect(() => read(`K\x00q\x00h\x00${doubled}Q.`)).not.toThrow();
  });
});
