/** A WAVE file of 16 bits, or of float32, in so many channels. */
export function waveFile(
  channels: readonly Float32Array[],
  rate: number,
  kind: 'int16' | 'float32' = 'int16',
): Buffer {
  const [width, format] = kind === 'int16' ? [2, 1] : [4, 3];
  const frame = width * channels.length;
  const size = channels[0].length * frame;
  const file = Buffer.alloc(44 + size);
  file.write('RIFF', 0, 'latin1');
  file.writeUInt32LE(36 + size, 4);
  file.write('WAVEfmt ', 8, 'latin1');
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(format, 20);
  file.writeUInt16LE(channels.length, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(rate * frame, 28);
  file.writeUInt16LE(frame, 32);
  file.writeUInt16LE(8 * width, 34);
  file.write('data', 36, 'latin1');
  file.writeUInt32LE(size, 40);
  channels.forEach((samples, channel) =>
    samples.forEach((sample, i) => {
      const at = 44 + i * frame + channel * width;
      if (kind === 'int16') file.writeInt16LE(Math.round(sample * 32767), at);
      else file.writeFloatLE(sample, at);
    }),
  );
  return file;
}

/** A tone. */
export function tone(hertz: number, rate: number, seconds: number): Float32Array {
  return Float32Array.from(
    { length: rate * seconds },
    (_, i) => 0.5 * Math.sin((2 * Math.PI * hertz * i) / rate),
  );
}
