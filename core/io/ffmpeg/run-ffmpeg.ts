/** The one user of `fluent-ffmpeg`. */
import { PassThrough } from 'node:stream';
import { findFfmpeg } from './find-ffmpeg.js';

/** What went wrong, in ffmpeg's words. */
export class FfmpegFault extends Error {}

export interface FfmpegRun {
  /** Of the file that is read. */
  readonly path: string;
  /** What is wanted of it, as ffmpeg's command line says it. */
  readonly options: readonly string[];
  /** It is stopped after so many. */
  readonly seconds: number;
}

/**
 * Files that hold what they show. Left out are those that name others, on this machine or elsewhere, and pictures in numbered
 * files.
 */
const FORMATS = [
  ...[
    '3gp',
    'aac',
    'ac3',
    'aiff',
    'amr',
    'ape',
    'asf',
    'au',
    'avi',
    'caf',
    'flac',
    'flv',
    'gif',
    'h264',
    'hevc',
    'ivf',
  ],
  ...[
    'm4a',
    'm4v',
    'matroska',
    'mov',
    'mp3',
    'mp4',
    'mpeg',
    'mpegts',
    'mpegvideo',
    'mxf',
    'ogg',
    'rm',
    'tta',
    'wav',
    'webm',
    'wv',
    'w64',
  ],
].join(',');

/**
 * What ffmpeg writes, piece by piece. It ends with whoever stops reading.
 * @throws FfmpegFault where it cannot read the file, or takes too long; SwiftError BACKEND_UNAVAILABLE
 */
export async function* runFfmpeg({ path, options, seconds }: FfmpegRun): AsyncGenerator<Uint8Array> {
  const program = await findFfmpeg();
  const { default: ffmpeg } = await import('fluent-ffmpeg');
  const command = ffmpeg({ timeout: seconds, stdoutLines: 50 })
    .setFfmpegPath(program)
    .input(`file:${path}`)
    .inputOptions(['-v', 'error', '-nostdin', '-xerror', '-protocol_whitelist', 'file'])
    .inputOptions(['-format_whitelist', FORMATS])
    .outputOptions([...options]);
  // A stream that says when it closes has fluent-ffmpeg take a process that ends a little later for a fault.
  const written = new PassThrough({ emitClose: false });
  const ended = new Promise<Error | undefined>((resolve) => {
    command
      .on('end', () => resolve(undefined))
      .on('error', (error: Error) => {
        const fault = new FfmpegFault(inShort(error, path), { cause: error });
        resolve(fault);
        written.destroy(fault);
      });
  });
  command.pipe(written);
  let isOver = false;
  try {
    for await (const piece of written) yield piece as Uint8Array;
    isOver = true;
  } finally {
    if (!isOver) command.kill('SIGKILL');
    await ended;
  }
  const fault = await ended;
  if (fault) throw fault;
}

/** The last that ffmpeg said, without the file's path. */
function inShort(error: Error, path: string): string {
  const [first, ...lines] = error.message.split('\n').map((line) => line.trim());
  const last = lines.filter((line) => line !== '' && !line.startsWith('To ignore this')).pop() ?? first;
  const [, kind] = /^Stream map '[^']*:([av]):[^']*' matches no streams/.exec(last) ?? [];
  if (kind !== undefined) return `it holds no ${kind === 'a' ? 'sound' : 'pictures'}`;
  return last.replaceAll(`file:${path}`, 'the file').replace(/^the file: /, '');
}
