import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { crc32c } from '../../../core/report/crc32c.js';
import { openTensorBoard } from '../../../core/report/tensorboard.js';
import { temporaryFolder } from '../io/temporary-folder.js';

const folder = temporaryFolder();

/** A decoder of its own, bit by bit: checks frames and checksums, reads protocol buffers by wire type alone. */
function records(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 8)).toBe(maskedBitwise(file.subarray(at, at + 8)));
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedBitwise(data));
    found.push(data);
    at += length + 16;
  }
  return found;
}

function maskedBitwise(data: Buffer): number {
  let crc = 0xffffffffn;
  for (const byte of data) {
    crc ^= BigInt(byte);
    for (let bit = 0; bit < 8; bit++) crc = crc & 1n ? (crc >> 1n) ^ 0x82f63b78n : crc >> 1n;
  }
  crc ^= 0xffffffffn;
  return Number((((crc >> 15n) | (crc << 17n)) + 0xa282ead8n) & 0xffffffffn);
}

type Field = readonly [number, number | Buffer];

function fields(message: Buffer): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const kind = tag & 7;
    const length = kind === 0 ? 0 : kind === 1 ? 8 : kind === 5 ? 4 : varint();
    if (kind === 0) found.push([tag >>> 3, varint()]);
    else if (kind === 1) found.push([tag >>> 3, message.readDoubleLE(at)]);
    else if (kind === 5) found.push([tag >>> 3, message.readFloatLE(at)]);
    else found.push([tag >>> 3, message.subarray(at, at + length)]);
    at += length;
  }
  return found;
}

test('known checksums (RFC 3720)', () => {
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(255))).toBe(0x62a8ab43);
});

test('scalars are framed and encoded as TensorBoard reads them', async () => {
  const writer = await openTensorBoard(join(folder, 'runs'), { now: () => 1_700_000_000_500 });
  expect(basename(writer.path)).toMatch(/^events\.out\.tfevents\.1700000000\./);
  await writer.writeScalars(1, { 'train/loss': 2.5, 'train/learning_rate': 1e-4 });
  await writer.writeScalars(300_000, { 'train/loss': NaN });
  await writer.close();
  const events = records(readFileSync(writer.path)).map(fields);
  expect(events[0]).toEqual([
    [1, 1_700_000_000.5],
    [3, Buffer.from('brain.Event:2')],
  ]);
  const [time, step, [summaryTag, summary]] = events[1];
  expect([time, step, summaryTag]).toEqual([[1, 1_700_000_000.5], [2, 1], 5]);
  const values = fields(summary as Buffer).map(([tag, value]) => [tag, fields(value as Buffer)]);
  expect(values).toEqual([
    [
      1,
      [
        [1, Buffer.from('train/loss')],
        [2, 2.5],
      ],
    ],
    [
      1,
      [
        [1, Buffer.from('train/learning_rate')],
        [2, Math.fround(1e-4)],
      ],
    ],
  ]);
  expect(events[2][1]).toEqual([2, 300_000]);
  expect(events).toHaveLength(3);
});

test('two writers do not meet in one file', async () => {
  const [a, b] = await Promise.all([openTensorBoard(folder), openTensorBoard(folder)]);
  expect(a.path).not.toBe(b.path);
  await Promise.all([a.close(), b.close()]);
});

test('a folder that cannot be made', async () => {
  writeFileSync(join(folder, 'file'), '');
  await expect(openTensorBoard(join(folder, 'file', 'runs'))).rejects.toMatchObject({
    code: 'FILE_NOT_WRITABLE',
    exitCode: 1,
  });
});
