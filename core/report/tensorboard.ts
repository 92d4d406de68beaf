/**
 * Scalars as TensorBoard reads them: TFRecord frames around `Event` messages.
 * Framing: tensorflow/core/lib/io/record_writer.h. Messages: tensorboard/compat/proto/event.proto, summary.proto.
 */
import { open } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import Pbf from 'pbf';
import { notWritable } from '../io/atomic-write.js';
import { crc32c } from './crc32c.js';
import { makeFolder } from '../io/make-folder.js';

export interface TensorBoardWriter {
  /** The event file. */
  readonly path: string;
  /** Appends one event; every call reaches the file, so a killed run keeps what it logged. */
  writeScalars(step: number, values: Readonly<Record<string, number>>): Promise<void>;
  close(): Promise<void>;
}

export interface TensorBoardOptions {
  /** Milliseconds since 1970; `Date.now` by default. */
  readonly now?: () => number;
}

/**
 * Starts an event file in `folder`, which is made when absent. A resumed run gets a further file; TensorBoard
 * shows all files of a folder as one.
 * @throws SwiftError FILE_NOT_WRITABLE (exit code 1), also from `writeScalars`
 */
export async function openTensorBoard(
  folder: string,
  { now = Date.now }: TensorBoardOptions = {},
): Promise<TensorBoardWriter> {
  const started = Math.floor(now() / 1000);
  const path = join(folder, `events.out.tfevents.${started}.${hostname()}.${process.pid}.${files++}`);
  try {
    makeFolder(folder);
    const file = await open(path, 'wx');
    const append = async (event: Uint8Array) => {
      try {
        await file.appendFile(tfRecord(event));
      } catch (error) {
        throw notWritable(path, error);
      }
    };
    await append(versionEvent(now() / 1000));
    return {
      path,
      writeScalars: (step, values) => append(scalarEvent(now() / 1000, step, values)),
      close: () => file.close(),
    };
  } catch (error) {
    throw notWritable(path, error);
  }
}

/** Keeps two writers of one process and second apart. */
let files = 0;

/** `Event {double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5}`; seconds. */
function versionEvent(wallTime: number): Uint8Array {
  const pbf = new Pbf();
  pbf.writeDoubleField(1, wallTime);
  pbf.writeStringField(3, 'brain.Event:2');
  return pbf.finish();
}

function scalarEvent(wallTime: number, step: number, values: Readonly<Record<string, number>>): Uint8Array {
  const pbf = new Pbf();
  pbf.writeDoubleField(1, wallTime);
  pbf.writeVarintField(2, step);
  pbf.writeMessage(5, writeSummary, values);
  return pbf.finish();
}

/** `Summary {repeated Value value = 1}`, `Value {string tag = 1; float simple_value = 2}`. */
function writeSummary(values: Readonly<Record<string, number>>, pbf?: Pbf): void {
  for (const entry of Object.entries(values)) pbf?.writeMessage(1, writeValue, entry);
}

function writeValue([tag, value]: readonly [string, number], pbf?: Pbf): void {
  pbf?.writeStringField(1, tag);
  pbf?.writeFloatField(2, value);
}

/** Length (u64), its masked checksum, data, its masked checksum. */
function tfRecord(data: Uint8Array): Uint8Array {
  const record = Buffer.alloc(data.length + 16);
  record.writeBigUInt64LE(BigInt(data.length), 0);
  record.writeUInt32LE(masked(crc32c(record.subarray(0, 8))), 8);
  record.set(data, 12);
  record.writeUInt32LE(masked(crc32c(data)), 12 + data.length);
  return record;
}

/** The format's masking, against checksums of data that holds checksums: rotate right by 15, add a constant. */
function masked(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
