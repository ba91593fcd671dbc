import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SCRIPT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../test/rig/radosgw.sh');
const PROGRAMS = ['radosgw', 'radosgw-admin', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool'];

/** Why there can be no S3 server here, as a sentence for a skipped test; `false` where there can. */
export function noRadosgw(): string | false {
  const missing = PROGRAMS.filter(
    (program) => !(process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, program))),
  );
  return missing.length === 0
    ? false
    : `there is no S3 server here: install Debian’s radosgw, ceph-mon and ceph-osd (missing: ${missing.join(', ')})`;
}

export interface Radosgw {
  readonly endpoint: string;
  readonly port: number;
  makeBucket(name: string): Promise<void>;
  stop(): void;
}

/** Starts Ceph's S3 gateway with a store in memory; it takes some seconds. */
export async function startRadosgw(): Promise<Radosgw> {
  const env = {
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'testsecret',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
  Object.assign(process.env, env);
  // Another program may have taken a port since it was found to be free.
  const { port, stop } = await up().catch(up);
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    endpoint,
    port,
    async makeBucket(name) {
      const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
      const client = new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket: name }));
      client.destroy();
    },
    stop,
  };
}

async function up(): Promise<{ readonly port: number; readonly stop: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'bloodline-rgw-'));
  const stop = (): void => {
    execFileSync('bash', [SCRIPT, 'down', folder]);
    rmSync(folder, { recursive: true, force: true });
  };
  const [port, monitor] = [await freePort(), await freePort()];
  try {
    await promisify(execFile)('bash', [SCRIPT, 'up', folder, String(port), String(monitor)], {
      timeout: 120_000,
    });
    return { port, stop };
  } catch (error) {
    stop();
    throw error;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
