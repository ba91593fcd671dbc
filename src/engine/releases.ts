import type { EngineKind } from './folder.ts';

/** A wheel on PyPI, pinned by its bytes. */
export interface Wheel {
  readonly package: string;
  readonly version: string;
  /** pip's name of the platform. */
  readonly pipPlatform: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Its own address, for machines without pip. */
  readonly url: string;
}

/** An archive of libtensorflow. */
export interface Tarball {
  readonly url: string;
  readonly version: string;
  readonly sha256: string;
}

/** What a native engine is made of on one platform. */
export interface Release {
  readonly kind: EngineKind;
  /** TensorFlow's own: its libraries and headers are taken. */
  readonly wheel: Wheel;
  /** Names of its two libraries; the addon is linked against them. */
  readonly libraries: readonly string[];
  /** Wheels of which all libraries are taken: TensorFlow opens them by name when it looks for a GPU. */
  readonly more: readonly Wheel[];
  /** TensorFlow's archive of an older version, where no wheel can be had. */
  readonly tarball: Tarball | null;
  /** Free bytes it needs while it is installed, and after. */
  readonly room: { readonly during: number; readonly after: number };
}

const FILES = 'https://files.pythonhosted.org/packages';
const SO = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const DYLIB = ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'];

/** CUDA's parts as TensorFlow 2.18.1 names them (the extra `and-cuda` in its METADATA). */
const nvidia = (name: string, version: string, bytes: number, path: string, sha256: string): Wheel => ({
  package: `nvidia-${name}-cu12`,
  version,
  pipPlatform: 'manylinux2014_x86_64',
  sha256,
  bytes,
  url: `${FILES}/${path}/nvidia_${name.replaceAll('-', '_')}_cu12-${version}-py3-none-manylinux2014_x86_64.whl`,
});

// nvidia-cuda-nvcc-cu12 is named there too, and is not needed: it is a compiler, for XLA and for autotuning.
const CUDA: readonly Wheel[] = [
  nvidia(
    'cublas',
    '12.5.3.2',
    363_313_169,
    'f9/43/a5365b345c989d9f7de2f2406e59b4a792ba3541b5d47edda5031b2730a6',
    'ca070ad70e9fa6654084575d01bd001f30cc4665e33d4bb9fc8e0f321caa034b',
  ),
  nvidia(
    'cuda-cupti',
    '12.5.82',
    13_811_507,
    '3a/64/81515a1b5872dc0fc817deaec2bdba160dc50188e0d53b907d10c6e6d568',
    'bde77a5feb66752ec61db2adfe47f56b941842825b4c7e2068aff27c9d107953',
  ),
  nvidia(
    'cuda-nvrtc',
    '12.5.82',
    24_873_108,
    '19/d1/342c2bcf6172db65fcbd9102f9941876e730d98977e69c00df85940fa8ce',
    '3dbd97b0104b4bfbc3c4f8c79cd2496307c89c43c29a9f83125f1d76296ff3fd',
  ),
  nvidia(
    'cuda-runtime',
    '12.5.82',
    895_707,
    '71/05/80f3fe49e9905570bc27aea9493baa1891c3780a7fc4e1f872c7902df066',
    '3e79a060e126df40fd3a068f3f787eb000fa51b251ec6cd97d09579632687115',
  ),
  nvidia(
    'cudnn',
    '9.3.0.75',
    577_163_502,
    '8e/56/bb5c08a8d401fc1b21a10e9c58907e70e8f18bdfca34b7ecfb87bbcdad63',
    '9ad9c6929ebb5295eb4a1728024666d1c88283373e265a0c5c883e6f9d5cd76d',
  ),
  nvidia(
    'cufft',
    '11.2.3.61',
    192_524_114,
    'e4/85/f18c88f63489cdced17b06d3b627adca8add7d7b8cce8c11213e93a902b4',
    '9a6e8df162585750f61983a638104a48c756aa13f9f48e19ab079b38e3c828b8',
  ),
  nvidia(
    'curand',
    '10.3.6.82',
    56_309_107,
    'f8/ce/cc6daf7820804ee7f11a0352a1f0fd59cec5f12e904f5bbaee6d928ffdaf',
    '2823fb27de4e44dbb22394a6adf53aa6e1b013aca0f8c22867d1cfae58405536',
  ),
  nvidia(
    'cusolver',
    '11.6.3.83',
    130_341_232,
    '33/73/57fbf55b3f378a73faecde397a0927ea205b458f06573dfb191b7d9fd1d3',
    '93cfafacde4428b71778eeb092ec615a02a3d05404da1bcf91c53e3fa1bce42b',
  ),
  nvidia(
    'cusparse',
    '12.5.1.3',
    217_558_979,
    'b3/29/03726191334fa523d9654e3dacca5cc152f24bb9fa1a5721e4dddac7a8c5',
    '016df8e993c437e8301e62739f01775cba988fd5253cd4c64173f8e8d2f8e752',
  ),
  nvidia(
    'nccl',
    '2.21.5',
    188_654_414,
    'df/99/12cd266d6233f47d00daf3a72739872bdc10267d0383508b0b9c84a18bb6',
    '8579076d30a8c24988834445f8d633c697d42397e92ffc3f63fa26766d25e0a0',
  ),
  nvidia(
    'nvjitlink',
    '12.5.82',
    21_298_879,
    '75/bc/e0d0dbb85246a086ab14839979039647bce501d8c661a159b8b019d987b7',
    'f9b37bc5c8cf7509665cb6ada5aaa0ce65618f2332b7d3e78e9790511f111212',
  ),
];

/** By Node's platform and architecture. */
const RELEASES: Readonly<Record<string, readonly Release[]>> = {
  'linux x64': [
    {
      kind: 'cpu',
      wheel: {
        package: 'tensorflow-cpu',
        version: '2.18.1',
        pipPlatform: 'manylinux2014_x86_64',
        sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
        bytes: 230_236_181,
        url: `${FILES}/b5/e1/b84084c57092caae04b6f0e1e741d52193b87f870125e22800d0cd57f147/tensorflow_cpu-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`,
      },
      libraries: SO,
      more: [],
      tarball: {
        url: 'https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz',
        version: '2.9.1',
        sha256: '7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173',
      },
      room: { during: 1.2e9, after: 7e8 },
    },
    {
      kind: 'cuda',
      wheel: {
        package: 'tensorflow',
        version: '2.18.1',
        pipPlatform: 'manylinux2014_x86_64',
        sha256: 'c9f87e5d2a680a4595f5dc30daf6bbaec9d4129b46d7ef1b2af63c46ac7d2828',
        bytes: 615_510_377,
        url: `${FILES}/45/c6/05d862ebeaaf63343dffc4f97dab62ac493e8c2bbc6b1a256199bcc78ed4/tensorflow-2.18.1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl`,
      },
      libraries: SO,
      more: CUDA,
      tarball: null,
      room: { during: 6.5e9, after: 4e9 },
    },
  ],
  'linux arm64': [
    {
      kind: 'cpu',
      wheel: {
        package: 'tensorflow',
        version: '2.18.1',
        pipPlatform: 'manylinux2014_aarch64',
        sha256: '8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944',
        bytes: 231_937_898,
        url: `${FILES}/c8/b3/902588dcffbc0603893f1df482840ff9c596430155d62e159bc8fc155230/tensorflow-2.18.1-cp311-cp311-manylinux_2_17_aarch64.manylinux2014_aarch64.whl`,
      },
      libraries: SO,
      more: [],
      tarball: null,
      room: { during: 1.2e9, after: 7e8 },
    },
  ],
  'darwin arm64': [
    {
      kind: 'cpu',
      wheel: {
        package: 'tensorflow',
        version: '2.18.1',
        pipPlatform: 'macosx_12_0_arm64',
        sha256: '661029cd769b311db910b79a3a6ef50a5a61ecc947172228c777a49989722508',
        bytes: 239_549_037,
        url: `${FILES}/a1/88/57e2acd11a2587cc5c0a6612a389a57f3bda3cd60d132934cb7a9bb00a81/tensorflow-2.18.1-cp311-cp311-macosx_12_0_arm64.whl`,
      },
      libraries: DYLIB,
      more: [],
      tarball: null,
      room: { during: 1.2e9, after: 7e8 },
    },
  ],
  'darwin x64': [
    {
      kind: 'cpu',
      // The last version that there is for Macs with Intel's processors.
      wheel: {
        package: 'tensorflow',
        version: '2.16.2',
        pipPlatform: 'macosx_10_15_x86_64',
        sha256: 'ec06570d57bfa0e2be804405e3cdc2960e94887e7619ffb6bc053e9775b695aa',
        bytes: 259_588_062,
        url: `${FILES}/6d/69/9999c2d9e8a3b08dfcfc7e9259a05fb1da5f700936091d2eb4a7985c2776/tensorflow-2.16.2-cp311-cp311-macosx_10_15_x86_64.whl`,
      },
      libraries: DYLIB,
      more: [],
      tarball: null,
      room: { during: 1.3e9, after: 8e8 },
    },
  ],
};

/** What an engine is made of on a machine, by Node's names; null: there is none for it. */
export const releaseFor = (kind: EngineKind, platform: string, arch: string): Release | null =>
  RELEASES[`${platform} ${arch}`]?.find((release) => release.kind === kind) ?? null;

/** What is taken out of TensorFlow's wheel: the two libraries, and the C headers that the addon is compiled against. */
export const WANTED: readonly RegExp[] = [
  /^tensorflow\/libtensorflow_(cc|framework)\.(so\.2|2\.dylib)$/,
  /^tensorflow\/include\/(tensorflow\/c|tensorflow\/core\/platform|tensorflow\/compiler\/xla\/tsl\/c|tsl|xla\/tsl\/c)\//,
  // One header that TensorFlow's own header for kernels includes.
  /^tensorflow\/include\/tensorflow\/core\/common_runtime\/next_pluggable_device\/c\//,
  /^tensorflow\/include\/external\/local_(tsl|xla\/xla\/tsl\/c)/,
];
