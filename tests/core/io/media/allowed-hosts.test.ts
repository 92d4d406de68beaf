import { expect, test } from 'vitest';
import { checkHost } from '../../../../core/io/media/allowed-hosts.js';

const check = (address: string, SWIFT_MEDIA_HOSTS?: string): Promise<void> =>
  checkHost(new URL(address), { SWIFT_MEDIA_HOSTS });

test.each([
  'http://localhost:8080/a.png',
  'http://127.0.0.1/a.png',
  'http://2130706433/a.png',
  'http://0.0.0.0/',
  'http://10.1.2.3/',
  'http://172.31.0.9/',
  'http://192.168.1.1/',
  'http://169.254.169.254/latest/meta-data',
  'http://[::1]/',
  'http://[::]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://[64:ff9b::a9fe:a9fe]/',
  'http://[2002:7f00:1::1]/',
])('%s is in the own network', async (address) => {
  await expect(check(address)).rejects.toMatchObject({ code: 'BAD_ROW', exitCode: 2 });
});

test.each(['https://93.184.215.14/a.png', 'http://172.32.0.1/', 'http://[2606:2800:21f::1]/'])(
  '%s is not',
  async (address) => {
    await check(address);
  },
);

test('where hosts are named, these alone are asked, wherever they are', async () => {
  await check('http://127.0.0.1/a.png', 'Example.org,127.0.0.1');
  await check('https://example.ORG/a.png', 'Example.org, 127.0.0.1');
  await expect(check('https://93.184.215.14/', 'example.org')).rejects.toMatchObject({
    message: expect.stringContaining('no host of SWIFT_MEDIA_HOSTS (example.org)') as string,
  });
  await expect(check('https://93.184.215.14/', '')).rejects.toMatchObject({ code: 'BAD_ROW' });
});
