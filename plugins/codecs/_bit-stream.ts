/** Codes of any width in 32-bit words, the first in the lowest bits. */

/** [R, C] -> [C, R], in blocks that stay in the cache. */
export function transposed(words: Int32Array, rows: number, columns: number): Int32Array {
  const result = new Int32Array(words.length);
  const block = 32;
  for (let top = 0; top < rows; top += block) {
    const bottom = Math.min(rows, top + block);
    for (let left = 0; left < columns; left += block) {
      const right = Math.min(columns, left + block);
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++)
          result[column * rows + row] = words[row * columns + column];
    }
  }
  return result;
}

/** The codes of a stream that starts at word `start`, a byte each. */
export function unpack(words: Int32Array, start: number, bits: number, into: Uint8Array): void {
  const mask = 2 ** bits - 1;
  for (let i = 0, at = 0; i < into.length; i++, at += bits) {
    const [word, shift] = [start + (at >>> 5), at & 31];
    let code = words[word] >>> shift;
    if (shift + bits > 32) code |= words[word + 1] << (32 - shift);
    into[i] = code & mask;
  }
}

/** @param words [N, K·bits / 32]; of 4 and 8 bits they are what is held, unless columns change places */
export function codesOfWords(
  words: Int32Array,
  rows: number,
  columns: number,
  bits: number,
  order?: Int32Array,
): Uint8Array {
  const bytes = new Uint8Array(words.buffer);
  if (!order && (bits === 4 || bits === 8)) return bytes;
  const row = new Uint8Array(columns);
  const stride = words.length / rows;
  const codes = new Uint8Array(bits === 8 ? rows * columns : (rows * columns) / 2);
  for (let n = 0; n < rows; n++) {
    unpack(words, n * stride, bits, row);
    const at = (n * codes.length) / rows;
    if (bits === 8) for (let i = 0; i < columns; i++) codes[at + i] = row[order ? order[i] : i];
    else if (order)
      for (let i = 0; i < columns; i += 2) codes[at + i / 2] = row[order[i]] | (row[order[i + 1]] << 4);
    else for (let i = 0; i < columns; i += 2) codes[at + i / 2] = row[i] | (row[i + 1] << 4);
  }
  return codes;
}
