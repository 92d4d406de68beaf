/**
 * Python's pickle, as far as a state dict needs it. A pickle is a program; this interpreter knows no instruction that
 * imports or runs anything: names are looked up in a list that the caller gives, and all else is refused.
 * https://github.com/python/cpython/blob/main/Lib/pickletools.py
 */

/** A pickle that is damaged, or that asks for more than it may; the caller adds which file. */
export class PickleError extends Error {}

export type PickleFunction = (args: readonly unknown[]) => unknown;

export interface PickleRules {
  /** What a pickle may name, as `module.name`. It may call the functions among them, and hand on the rest. */
  readonly globals: ReadonlyMap<string, unknown>;
  /** What a persistent id stands for. */
  persistent(id: unknown): unknown;
}

/**
 * The value that a pickle describes: dicts are Maps, lists arrays, tuples frozen arrays, integers beyond 2^53 bigints.
 * Time and memory are in proportion to its length. @throws PickleError
 */
export function unpickle(bytes: Uint8Array, rules: PickleRules): unknown {
  return new Unpickler(bytes, rules).run();
}

const STOP = 0x2e;
/** Newest protocol whose instructions are known here. */
const MAX_PROTOCOL = 4;

class Unpickler {
  private at = 0;
  private readonly view: DataView;
  private readonly stack: unknown[] = [];
  /** Heights of the stack at which open MARKs were set. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, unknown>();

  constructor(
    private readonly bytes: Uint8Array,
    private readonly rules: PickleRules,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  run(): unknown {
    for (;;) {
      const place = this.at;
      const opcode = this.u8();
      if (opcode === STOP) return this.pop();
      const act = OPCODES.get(opcode);
      if (!act) throw new PickleError(`${nameOf(opcode)} at byte ${place} is no instruction of a state dict`);
      act(this);
    }
  }

  push(value: unknown): void {
    this.stack.push(value);
  }

  pop(): unknown {
    if (this.stack.length <= (this.marks.at(-1) ?? 0))
      throw this.damaged('takes a value where there is none');
    return this.stack.pop();
  }

  top(): unknown {
    const value = this.pop();
    this.push(value);
    return value;
  }

  mark(): void {
    this.marks.push(this.stack.length);
  }

  /** The values since the last mark, taken off with it. */
  popMark(): unknown[] {
    const from = this.marks.pop();
    if (from === undefined) throw this.damaged('ends a list that was not begun');
    return this.stack.splice(from);
  }

  /** The last `count` values, in their order. */
  tuple(count: number): readonly unknown[] {
    return Object.freeze(Array.from({ length: count }, () => this.pop()).reverse());
  }

  append(values: readonly unknown[]): void {
    const list = this.top();
    if (!Array.isArray(list) || Object.isFrozen(list)) throw this.damaged('appends to what is no list');
    for (const value of values) list.push(value);
  }

  setItems(values: readonly unknown[]): void {
    const dict = this.top();
    if (!(dict instanceof Map) || values.length % 2 !== 0)
      throw this.damaged('sets an item of what is no dict');
    for (let i = 0; i < values.length; i += 2) dict.set(values[i], values[i + 1]);
  }

  /** Attributes of an OrderedDict, which a state dict uses for its version: of no use here. */
  build(): void {
    this.pop();
    if (!(this.top() instanceof Map)) throw this.damaged('sets attributes of what is no dict');
  }

  find(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') throw this.damaged('names what is no name');
    const path = `${module}.${name}`;
    if (!this.rules.globals.has(path)) {
      throw new PickleError(`it names ${path}, which is no part of a state dict; nothing of it was run`);
    }
    this.push(this.rules.globals.get(path));
  }

  call(): void {
    const args = this.pop();
    const called = this.pop();
    if (typeof called !== 'function' || !Array.isArray(args)) throw this.damaged('calls what is no function');
    this.push((called as PickleFunction)(args));
  }

  persistent(): void {
    this.push(this.rules.persistent(this.pop()));
  }

  remember(slot = this.memo.size): void {
    this.memo.set(slot, this.top());
  }

  recall(slot: number): void {
    if (!this.memo.has(slot)) throw this.damaged(`recalls value ${slot}, which was never kept`);
    this.push(this.memo.get(slot));
  }

  protocol(): void {
    const version = this.u8();
    if (version > MAX_PROTOCOL) throw new PickleError(`it is written in pickle protocol ${version}`);
  }

  u8(): number {
    return this.view.getUint8(this.take(1));
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  i32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  /** Floats alone are big-endian. */
  f64(): number {
    return this.view.getFloat64(this.take(8));
  }

  skip(length: number): void {
    this.take(length);
  }

  text(length: number): string {
    const at = this.take(length);
    return new TextDecoder().decode(this.bytes.subarray(at, at + length));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.damaged('ends within a name');
    const text = this.text(end - this.at);
    this.at++;
    return text;
  }

  /** A little-endian two's complement integer of `length` bytes. */
  integer(length: number): number | bigint {
    const at = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(this.bytes[at + i]);
    value = BigInt.asIntN(8 * length, value);
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }

  private take(length: number): number {
    const at = this.at;
    if (at + length > this.bytes.length) throw this.damaged('ends too early');
    this.at = at + length;
    return at;
  }

  private damaged(what: string): PickleError {
    return new PickleError(`it ${what}, before byte ${this.at}: the file is damaged`);
  }
}

const char = (text: string): number => text.charCodeAt(0);

/** The instructions of protocols 2 to 4 that describe plain data. */
const OPCODES = new Map<number, (pickle: Unpickler) => void>([
  [0x80, (p) => p.protocol()],
  [0x95, (p) => p.skip(8)], // FRAME: how many bytes belong together
  [char('('), (p) => p.mark()],
  [char('0'), (p) => void p.pop()],
  [char('N'), (p) => p.push(null)],
  [0x88, (p) => p.push(true)],
  [0x89, (p) => p.push(false)],
  [char('J'), (p) => p.push(p.i32())],
  [char('K'), (p) => p.push(p.u8())],
  [char('M'), (p) => p.push(p.u16())],
  [0x8a, (p) => p.push(p.integer(p.u8()))],
  [char('G'), (p) => p.push(p.f64())],
  [char('X'), (p) => p.push(p.text(p.u32()))],
  [0x8c, (p) => p.push(p.text(p.u8()))],
  [char('U'), (p) => p.push(p.text(p.u8()))],
  [char(')'), (p) => p.push(p.tuple(0))],
  [0x85, (p) => p.push(p.tuple(1))],
  [0x86, (p) => p.push(p.tuple(2))],
  [0x87, (p) => p.push(p.tuple(3))],
  [char('t'), (p) => p.push(Object.freeze(p.popMark()))],
  [char(']'), (p) => p.push([])],
  [char('a'), (p) => p.append([p.pop()])],
  [char('e'), (p) => p.append(p.popMark())],
  [char('}'), (p) => p.push(new Map())],
  [char('s'), (p) => p.setItems(p.tuple(2))],
  [char('u'), (p) => p.setItems(p.popMark())],
  [char('c'), (p) => p.find(p.line(), p.line())],
  [0x93, (p) => p.find(...(p.tuple(2) as [unknown, unknown]))],
  [char('R'), (p) => p.call()],
  [char('b'), (p) => p.build()],
  [char('Q'), (p) => p.persistent()],
  [char('q'), (p) => p.remember(p.u8())],
  [char('r'), (p) => p.remember(p.u32())],
  [0x94, (p) => p.remember()],
  [char('h'), (p) => p.recall(p.u8())],
  [char('j'), (p) => p.recall(p.u32())],
]);

/** Instructions that make objects of classes: the ones a user may meet in a file that is no state dict. */
const FOREIGN: Readonly<Record<number, string>> = {
  [char('i')]: 'INST',
  [char('o')]: 'OBJ',
  [char('P')]: 'PERSID',
  0x81: 'NEWOBJ',
  0x82: 'EXT1',
  0x92: 'NEWOBJ_EX',
};

function nameOf(opcode: number): string {
  return `opcode ${FOREIGN[opcode] ?? `0x${opcode.toString(16).padStart(2, '0')}`}`;
}
