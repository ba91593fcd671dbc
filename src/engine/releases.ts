/** A wheel on PyPI. */
export interface Wheel {
  readonly package: string;
  readonly version: string;
  /** pip's name of the platform. */
  readonly pipPlatform: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** An archive of libtensorflow. */
export interface Tarball {
  readonly url: string;
  readonly version: string;
  readonly sha256: string;
}

/** What the native engine is made of on one platform; each file is pinned by its bytes. */
export interface Release {
  readonly wheel: Wheel;
  /** The way that is taken where pip is not there or reaches nothing. */
  readonly tarball: Tarball | null;
}

/** By Node's platform and architecture. */
const RELEASES: Readonly<Record<string, Release>> = {
  'linux x64': {
    wheel: {
      package: 'tensorflow-cpu',
      version: '2.18.1',
      pipPlatform: 'manylinux2014_x86_64',
      sha256: '810c75d7149d2da0cb2092187817b0dcabb80728ca9f9cf3a61f3f42fadd1298',
      bytes: 230_236_181,
    },
    tarball: {
      url: 'https://storage.googleapis.com/tensorflow/libtensorflow/libtensorflow-cpu-linux-x86_64-2.9.1.tar.gz',
      version: '2.9.1',
      sha256: '7f510d2546e3db5e10b1d119463689003d587842892ad3c95bca51cf82820173',
    },
  },
  'linux arm64': {
    wheel: {
      package: 'tensorflow',
      version: '2.18.1',
      pipPlatform: 'manylinux2014_aarch64',
      sha256: '8a6485edd2148f70d011dbd1d8dc2c775e91774a5a159466e83d0d1f21580944',
      bytes: 231_937_898,
    },
    tarball: null,
  },
};

export const releaseFor = (platform: string, arch: string): Release | null =>
  RELEASES[`${platform} ${arch}`] ?? null;

/** What is taken out of a wheel: the two libraries, and the C headers that the addon is compiled against. */
export const WANTED: readonly RegExp[] = [
  /^tensorflow\/libtensorflow_(cc|framework)\.so\.2$/,
  /^tensorflow\/include\/(tensorflow\/c|tensorflow\/core\/platform|tensorflow\/compiler\/xla\/tsl\/c|tsl|xla\/tsl\/c)\//,
  /^tensorflow\/include\/external\/local_(tsl|xla\/xla\/tsl\/c)/,
];
