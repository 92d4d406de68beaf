import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findFfmpeg } from '../../../../core/io/ffmpeg/find-ffmpeg.js';

/** Has ffmpeg write a file of what it reads: a WAVE file, or pictures one behind the other (PPM), 10 a second. */
export async function ffmpegMakes(
  path: string,
  input: Buffer,
  options: readonly string[] = [],
): Promise<void> {
  const pictures = input.toString('latin1', 0, 2) === 'P6';
  const reads = pictures ? ['-f', 'image2pipe', '-c:v', 'ppm', '-framerate', '10'] : [];
  const running = promisify(execFile)(await findFfmpeg(), [
    ...['-v', 'error', '-y', ...reads, '-i', 'pipe:0', ...options, path],
  ]);
  running.child.stdin!.end(input);
  await running;
}
