import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import type { AddonSources } from '../../src/engine/addon.ts';
import type { Release, Wheel } from '../../src/engine/releases.ts';

// An index as pip reads it, with a wheel like TensorFlow's, one like NVIDIA's and an archive like libtensorflow's. All
// in small: one function in a real library, and an addon of a few lines that calls it.

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export const works = (program: string, args: string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};

const ADDON = `#include <node_api.h>
#include "tensorflow/c/c_api.h"
NAPI_MODULE_INIT() {
  napi_value version;
  napi_create_string_utf8(env, TF_Version(), NAPI_AUTO_LENGTH, &version);
  napi_set_named_property(env, exports, "TF_Version", version);
  return exports;
}
`;

/** How the server answers: as it should, or as one that stands in its way. */
export type Mood = 'fine' | 'web-page' | 'half' | 'index-only' | 'silent';

export interface IndexServer {
  readonly host: string;
  readonly release: Release;
  /** Sources of the addon in small. */
  readonly sources: AddonSources;
  /** Paths that were asked for. */
  readonly asked: string[];
  mood: Mood;
  /** Where what comes is written: with the mood `half` the server stops when the half that it sent is there. */
  arrives: string;
  /** `asked` at each request, `closed` when the last connection ends. */
  readonly events: EventEmitter;
  /** Connections. */
  open(): number;
  close(): void;
}

/** @param nodeHeaders where node_api.h lies. */
export async function startIndex(nodeHeaders: string): Promise<IndexServer> {
  const folder = mkdtempSync(join(tmpdir(), 'bloodline-index-'));
  const library = (name: string, version: string): Uint8Array => {
    const source = join(folder, 'library.cc');
    writeFileSync(source, `extern "C" const char* TF_Version() { return "${version}"; }\n`);
    const to = join(folder, name);
    execFileSync('c++', ['-shared', '-fPIC', `-Wl,-soname,${name}`, '-o', to, source]);
    return new Uint8Array(readFileSync(to));
  };
  const header = text('extern "C" const char* TF_Version();\n');
  const metadata = (name: string): Record<string, Uint8Array> => ({
    [`${name}-9.0.0.dist-info/METADATA`]: text(`Metadata-Version: 2.1\nName: ${name}\nVersion: 9.0.0\n`),
    [`${name}-9.0.0.dist-info/WHEEL`]: text('Wheel-Version: 1.0\n'),
  });
  const framework = library('libtensorflow_framework.so.2', '0');
  const files: Record<string, Uint8Array> = {
    '/tensorflow_cpu-9.0.0-cp311-cp311-manylinux2014_x86_64.whl': zipSync({
      'tensorflow/libtensorflow_cc.so.2': library('libtensorflow_cc.so.2', '9.0.0'),
      'tensorflow/libtensorflow_framework.so.2': framework,
      'tensorflow/include/tensorflow/c/c_api.h': header,
      'tensorflow/python/large.py': text('not wanted'),
      ...metadata('tensorflow_cpu'),
    }),
    '/nvidia_cublas_cu12-9.0.0-py3-none-manylinux2014_x86_64.whl': zipSync({
      'nvidia/cublas/lib/libcublas.so.12': framework,
      'nvidia/cublas/include/cublas.h': header,
      'nvidia/cublas/lib/__init__.py': text(''),
      ...metadata('nvidia_cublas_cu12'),
    }),
  };
  const old = Buffer.from(library('libtensorflow.so.2', '2.9.1'));
  const file = (name: string, body: Uint8Array) => ({
    header: { name, size: body.length, type: 'file' as const },
    body,
  });
  const link = (name: string, linkname: string) => ({
    header: { name, size: 0, type: 'symlink' as const, linkname },
  });
  const archive = await packTar([
    file('./LICENSE', text('licence')),
    file('./lib/libtensorflow.so.2.9.1', old),
    link('./lib/libtensorflow.so.2', 'libtensorflow.so.2.9.1'),
    link('./lib/libtensorflow.so', 'libtensorflow.so.2'),
    file('./lib/libtensorflow_framework.so.2.9.1', framework),
    link('./lib/libtensorflow_framework.so.2', 'libtensorflow_framework.so.2.9.1'),
    file('./include/tensorflow/c/c_api.h', header),
  ]);
  files['/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz'] = gzipSync(archive, { mtime: 0 });

  // A connection that ends takes along what was not read of it yet.
  const stopHalfWay = (response: ServerResponse, half: Uint8Array): void => {
    response.write(half);
    const timer = setInterval(() => {
      if ((statSync(index.arrives, { throwIfNoEntry: false })?.size ?? 0) < half.length) return;
      clearInterval(timer);
      response.socket?.end();
    }, 5);
  };
  const asked: string[] = [];
  const events = new EventEmitter();
  let connections = 0;
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '';
    asked.push(path);
    events.emit('asked');
    if (index.mood === 'silent') return;
    const names = Object.keys(files).map((name) => name.slice(1));
    const body = files[path];
    if (path.startsWith('/simple/') && index.mood !== 'web-page') {
      const project = path.split('/')[2]!.replaceAll('-', '_');
      const links = names.filter((name) => name.startsWith(`${project}-`));
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end(links.map((name) => `<a href="/${name}">${name}</a>`).join('\n'));
    } else if (index.mood === 'web-page' || (body && index.mood === 'index-only'))
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>Please log in.</p>');
    else if (!body) response.writeHead(404).end();
    else {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
      const rest = body.subarray(from);
      response.writeHead(from > 0 ? 206 : 200, {
        'content-length': rest.length,
        ...(from > 0 && { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` }),
      });
      if (index.mood === 'half') stopHalfWay(response, rest.subarray(0, rest.length / 2));
      else response.end(rest);
    }
  });
  server.on('connection', (socket) => {
    connections += 1;
    socket.once('close', () => {
      connections -= 1;
      if (connections === 0) events.emit('closed');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wheel = (name: string, path: string): Wheel => ({
    package: name,
    version: '9.0.0',
    pipPlatform: 'manylinux2014_x86_64',
    sha256: sha256(files[path]!),
    bytes: files[path]!.length,
    url: `${host}${path}`,
  });
  const [tensorflow, cublas, libtensorflow] = Object.keys(files) as [string, string, string];
  const addon = join(folder, 'addon.cc');
  writeFileSync(addon, ADDON);
  const index: IndexServer = {
    host,
    asked,
    mood: 'fine',
    arrives: '',
    events,
    open: () => connections,
    sources: { folder, files: [addon], nodeHeaders, version: '1.0.0' },
    release: {
      kind: 'cpu',
      wheel: wheel('tensorflow-cpu', tensorflow),
      libraries: ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'],
      more: [wheel('nvidia-cublas-cu12', cublas)],
      tarball: {
        url: `${host}${libtensorflow}`,
        version: '2.9.1',
        sha256: sha256(files[libtensorflow]!),
      },
      room: { during: 1e6, after: 5e5 },
    },
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return index;
}
