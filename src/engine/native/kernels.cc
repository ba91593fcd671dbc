// Operations that TensorFlow computes in several passes over memory, each in one or two. They register themselves with
// TensorFlow when the addon is loaded and are then called like its own. Tensors have channels last, and are float32 or,
// where an operation has a T, bfloat16, which is worked on in float32 and rounded once.
//
// The bytes of a result depend on the shapes and on the instruction set, and not on the number of threads: work is cut
// into parts by shape alone, and partial sums are added in the order of the parts.
#include <algorithm>
#include <atomic>
#include <cmath>
#include <condition_variable>
#include <cstdint>
#include <cstring>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 12
#define VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VECTORISED
#endif
#define INLINE static inline __attribute__((always_inline))

namespace {

// ---- threads ----

// As many threads as the process may use; the calling one takes part. Made at the first call and never ended.
class Pool {
 public:
  static Pool& get() {
    static Pool* pool = new Pool();
    return *pool;
  }

  void run(int64_t parts, const std::function<void(int64_t)>& work) {
    if (parts <= 1 || threads_ == 0) {
      for (int64_t part = 0; part < parts; part++) work(part);
      return;
    }
    std::lock_guard<std::mutex> one(calls_);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      work_ = &work;
      parts_ = parts;
      next_ = 0;
      busy_ = threads_;
      round_++;
    }
    wake_.notify_all();
    take(work, parts);
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return busy_ == 0; });
  }

 private:
  Pool() : threads_(static_cast<int>(std::min(16u, std::max(1u, std::thread::hardware_concurrency()))) - 1) {
    for (int i = 0; i < threads_; i++) std::thread([this] { serve(); }).detach();
  }

  void take(const std::function<void(int64_t)>& work, int64_t parts) {
    for (int64_t part = next_++; part < parts; part = next_++) work(part);
  }

  void serve() {
    uint64_t seen = 0;
    for (;;) {
      const std::function<void(int64_t)>* work;
      int64_t parts;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [&] { return round_ != seen; });
        seen = round_;
        work = work_;
        parts = parts_;
      }
      take(*work, parts);
      std::lock_guard<std::mutex> lock(mutex_);
      if (--busy_ == 0) done_.notify_one();
    }
  }

  const int threads_;
  std::mutex calls_, mutex_;
  std::condition_variable wake_, done_;
  const std::function<void(int64_t)>* work_ = nullptr;
  std::atomic<int64_t> next_{0};
  int64_t parts_ = 0;
  int busy_ = 0;
  uint64_t round_ = 0;
};

// Rows of a part: about 64 KiB of each operand, so that a part stays in the cache of one core.
int64_t rowsOfPart(int64_t channels) { return std::max<int64_t>(1, 16384 / channels); }

// At most 64 parts for sums, whose partial results cost memory.
int64_t rowsOfSum(int64_t rows, int64_t channels) {
  return std::max(rowsOfPart(channels), (rows + 63) / 64);
}

// ---- vectors ----

enum Activation { LINEAR = 0, SWISH = 1, RELU = 2, SIGMOID = 3 };

// e^x to 2 units in the last place: 2^n · e^r with |r| ≤ ln 2 / 2.
INLINE float exponential(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 88.0f ? 88.0f : x;
  const float shifted = x * 1.44269504f + 12582912.0f;
  const float n = shifted - 12582912.0f;
  const float r = (x - n * 0.693145752f) - n * 1.42860677e-6f;
  float p = 1.38888889e-3f;
  p = p * r + 8.33333333e-3f;
  p = p * r + 4.16666667e-2f;
  p = p * r + 1.66666667e-1f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t bits;
  std::memcpy(&bits, &shifted, 4);
  bits = (bits + 127) << 23;
  float power;
  std::memcpy(&power, &bits, 4);
  return p * power;
}

INLINE float gate(float z) { return 1.0f / (1.0f + exponential(-z)); }

template <int activation>
INLINE float activated(float z) {
  if (activation == SWISH) return z * gate(z);
  if (activation == RELU) return z > 0.0f ? z : 0.0f;
  if (activation == SIGMOID) return gate(z);
  return z;
}

template <int activation>
INLINE float slope(float z) {
  if (activation == SWISH) {
    const float s = gate(z);
    return s + z * s * (1.0f - s);
  }
  if (activation == RELU) return z > 0.0f ? 1.0f : 0.0f;
  return 1.0f;
}

// ---- float32 and bfloat16, the upper half of one ----

typedef uint16_t Brain;

INLINE float get(float from) { return from; }
INLINE float get(Brain from) {
  const uint32_t bits = static_cast<uint32_t>(from) << 16;
  float value;
  std::memcpy(&value, &bits, 4);
  return value;
}
INLINE void put(float* to, float value) { *to = value; }
// To the nearest, of two equally near ones the even. Not for what is no number: ReLU leaves none.
INLINE void put(Brain* to, float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  *to = static_cast<Brain>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}
// Of a value that came from one of this type.
INLINE void putBack(float* to, float value) { *to = value; }
INLINE void putBack(Brain* to, float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, 4);
  *to = static_cast<Brain>(bits >> 16);
}

// ---- batch normalisation with the activation that follows it ----

// Sums of x − pivot and of its square, a channel each.
VECTORISED void sumsOfRows(const float* __restrict x, const float* __restrict pivot, float* __restrict sum, float* __restrict squares, int64_t rows, int64_t channels) {
  for (int64_t row = 0; row < rows; row++, x += channels)
    for (int64_t c = 0; c < channels; c++) {
      const float d = x[c] - pivot[c];
      sum[c] += d;
      squares[c] += d * d;
    }
}

#define APPLY_ROWS(NAME, ACTIVATION)                                                                                 \
  VECTORISED void NAME(const float* __restrict x, const float* __restrict scale, const float* __restrict shift, float* __restrict y, int64_t rows, int64_t channels) { \
    for (int64_t row = 0; row < rows; row++, x += channels, y += channels)                                           \
      for (int64_t c = 0; c < channels; c++) y[c] = activated<ACTIVATION>(x[c] * scale[c] + shift[c]);               \
  }
APPLY_ROWS(applyLinear, LINEAR)
APPLY_ROWS(applySwish, SWISH)
APPLY_ROWS(applyRelu, RELU)

// Sums of g and of g · (x − mean), where g is the gradient before the activation.
#define GRADIENT_SUMS(NAME, ACTIVATION)                                                                              \
  VECTORISED void NAME(const float* __restrict dy, const float* __restrict x, const float* __restrict scale, const float* __restrict shift, const float* __restrict mean,   \
                       float* __restrict sum, float* __restrict product, int64_t rows, int64_t channels) {                                 \
    for (int64_t row = 0; row < rows; row++, x += channels, dy += channels)                                          \
      for (int64_t c = 0; c < channels; c++) {                                                                       \
        const float g = dy[c] * slope<ACTIVATION>(x[c] * scale[c] + shift[c]);                                       \
        sum[c] += g;                                                                                                 \
        product[c] += g * (x[c] - mean[c]);                                                                          \
      }                                                                                                              \
  }
GRADIENT_SUMS(gradientSumsLinear, LINEAR)
GRADIENT_SUMS(gradientSumsSwish, SWISH)
GRADIENT_SUMS(gradientSumsRelu, RELU)

// dx = g · scale + x · a + b
#define GRADIENT_ROWS(NAME, ACTIVATION)                                                                              \
  VECTORISED void NAME(const float* __restrict dy, const float* __restrict x, const float* __restrict scale, const float* __restrict shift, const float* __restrict a,      \
                       const float* __restrict b, float* __restrict dx, int64_t rows, int64_t channels) {                                  \
    for (int64_t row = 0; row < rows; row++, x += channels, dy += channels, dx += channels)                          \
      for (int64_t c = 0; c < channels; c++) {                                                                       \
        const float g = dy[c] * slope<ACTIVATION>(x[c] * scale[c] + shift[c]);                                       \
        dx[c] = g * scale[c] + (x[c] * a[c] + b[c]);                                                                 \
      }                                                                                                              \
  }
GRADIENT_ROWS(gradientLinear, LINEAR)
GRADIENT_ROWS(gradientSwish, SWISH)
GRADIENT_ROWS(gradientRelu, RELU)

// Runs `rowsOf` over parts with a pair of sums each and adds them up in double precision, in order.
void pairOfSums(int64_t rows, int64_t channels, double* first, double* second,
                const std::function<void(int64_t from, int64_t count, float* a, float* b)>& rowsOf) {
  const int64_t each = rowsOfSum(rows, channels), parts = (rows + each - 1) / each;
  std::vector<float> partial(2 * parts * channels, 0.0f);
  Pool::get().run(parts, [&](int64_t part) {
    float* at = partial.data() + 2 * part * channels;
    rowsOf(part * each, std::min(each, rows - part * each), at, at + channels);
  });
  std::fill(first, first + channels, 0.0);
  std::fill(second, second + channels, 0.0);
  for (int64_t part = 0; part < parts; part++) {
    const float* at = partial.data() + 2 * part * channels;
    for (int64_t c = 0; c < channels; c++) {
      first[c] += at[c];
      second[c] += at[channels + c];
    }
  }
}

void overRows(int64_t rows, int64_t channels, const std::function<void(int64_t from, int64_t count)>& work) {
  const int64_t each = rowsOfPart(channels);
  Pool::get().run((rows + each - 1) / each, [&](int64_t part) {
    work(part * each, std::min(each, rows - part * each));
  });
}

// ---- gradient of a depthwise convolution's filter ----

typedef float Lanes __attribute__((vector_size(64)));
#pragma GCC diagnostic ignored "-Wpsabi"
INLINE Lanes load(const float* from) {
  Lanes lanes;
  std::memcpy(&lanes, from, sizeof lanes);
  return lanes;
}

struct Depthwise {
  int64_t batch, height, width, channels, outHeight, outWidth, kernel, stride, top, left;
};

// One row of the filter, LANES channels from c on, over the samples [from, to).
#define FILTER_ROW(NAME, KERNEL, VECTORS)                                                                             \
  VECTORISED void NAME(const Depthwise& d, const float* __restrict x, const float* __restrict dy, float* __restrict out, int64_t kh, int64_t c,        \
                       int64_t from, int64_t to) {                                                                    \
    Lanes sum[KERNEL][VECTORS];                                                                                       \
    std::memset(sum, 0, sizeof sum);                                                                                  \
    for (int64_t n = from; n < to; n++)                                                                               \
      for (int64_t oh = 0; oh < d.outHeight; oh++) {                                                                  \
        const int64_t ih = oh * d.stride + kh - d.top;                                                                \
        if (ih < 0 || ih >= d.height) continue;                                                                       \
        const float* rowX = x + (n * d.height + ih) * d.width * d.channels + c;                                       \
        const float* rowDy = dy + (n * d.outHeight + oh) * d.outWidth * d.channels + c;                               \
        for (int64_t ow = 0; ow < d.outWidth; ow++) {                                                                 \
          const int64_t iw = ow * d.stride - d.left;                                                                  \
          Lanes g[VECTORS];                                                                                           \
          for (int v = 0; v < VECTORS; v++) g[v] = load(rowDy + ow * d.channels + 16 * v);                            \
          if (iw >= 0 && iw + KERNEL <= d.width) {                                                                    \
            for (int kw = 0; kw < KERNEL; kw++)                                                                       \
              for (int v = 0; v < VECTORS; v++)                                                                       \
                sum[kw][v] += load(rowX + (iw + kw) * d.channels + 16 * v) * g[v];                                    \
          } else {                                                                                                    \
            for (int kw = 0; kw < KERNEL; kw++) {                                                                     \
              if (iw + kw < 0 || iw + kw >= d.width) continue;                                                        \
              for (int v = 0; v < VECTORS; v++)                                                                       \
                sum[kw][v] += load(rowX + (iw + kw) * d.channels + 16 * v) * g[v];                                    \
            }                                                                                                         \
          }                                                                                                           \
        }                                                                                                             \
      }                                                                                                               \
    for (int kw = 0; kw < KERNEL; kw++)                                                                               \
      std::memcpy(out + (kh * KERNEL + kw) * d.channels + c, sum[kw], VECTORS * sizeof(Lanes));                       \
  }
FILTER_ROW(filterRow3, 3, 2)
FILTER_ROW(filterRow3Short, 3, 1)
FILTER_ROW(filterRow5, 5, 2)
FILTER_ROW(filterRow5Short, 5, 1)

// Any kernel, and the channels that are left over.
VECTORISED void filterRest(const Depthwise& d, const float* __restrict x, const float* __restrict dy, float* __restrict out, int64_t kh, int64_t c0, int64_t c1,
                           int64_t from, int64_t to) {
  for (int64_t kw = 0; kw < d.kernel; kw++) {
    float* at = out + (kh * d.kernel + kw) * d.channels;
    for (int64_t c = c0; c < c1; c++) at[c] = 0.0f;
    for (int64_t n = from; n < to; n++)
      for (int64_t oh = 0; oh < d.outHeight; oh++) {
        const int64_t ih = oh * d.stride + kh - d.top;
        if (ih < 0 || ih >= d.height) continue;
        for (int64_t ow = 0; ow < d.outWidth; ow++) {
          const int64_t iw = ow * d.stride + kw - d.left;
          if (iw < 0 || iw >= d.width) continue;
          const float* atX = x + ((n * d.height + ih) * d.width + iw) * d.channels;
          const float* atDy = dy + ((n * d.outHeight + oh) * d.outWidth + ow) * d.channels;
          for (int64_t c = c0; c < c1; c++) at[c] += atX[c] * atDy[c];
        }
      }
  }
}

void filterGradient(const Depthwise& d, const float* x, const float* dy, float* out) {
  // Parts: blocks of channels, and of samples where there are few channels.
  const int64_t blocks = (d.channels + 31) / 32;
  const int64_t samples = blocks >= 16 ? 1 : std::min<int64_t>(d.batch, (15 + blocks) / blocks);
  const int64_t size = d.kernel * d.kernel * d.channels;
  std::vector<float> partial(samples > 1 ? samples * size : 0);
  Pool::get().run(blocks * samples, [&](int64_t part) {
    const int64_t block = part % blocks, sample = part / blocks;
    const int64_t from = sample * d.batch / samples, to = (sample + 1) * d.batch / samples;
    float* into = samples > 1 ? partial.data() + sample * size : out;
    int64_t c = 32 * block;
    const int64_t end = std::min(c + 32, d.channels);
    const bool known = d.kernel == 3 || d.kernel == 5;
    if (known && end - c == 32) {
      for (int64_t kh = 0; kh < d.kernel; kh++)
        (d.kernel == 3 ? filterRow3 : filterRow5)(d, x, dy, into, kh, c, from, to);
      return;
    }
    if (known && end - c >= 16) {
      for (int64_t kh = 0; kh < d.kernel; kh++)
        (d.kernel == 3 ? filterRow3Short : filterRow5Short)(d, x, dy, into, kh, c, from, to);
      c += 16;
    }
    if (c < end)
      for (int64_t kh = 0; kh < d.kernel; kh++) filterRest(d, x, dy, into, kh, c, end, from, to);
  });
  if (samples == 1) return;
  for (int64_t i = 0; i < size; i++) {
    float sum = 0.0f;
    for (int64_t sample = 0; sample < samples; sample++) sum += partial[sample * size + i];
    out[i] = sum;
  }
}

// ---- gradient of x · s, where s has one value a sample and channel ----

VECTORISED void exciteRows(const float* __restrict dy, const float* __restrict x, const float* __restrict s, float* __restrict dx, float* __restrict ds, int64_t rows, int64_t channels) {
  for (int64_t c = 0; c < channels; c++) ds[c] = 0.0f;
  for (int64_t row = 0; row < rows; row++, dy += channels, x += channels, dx += channels)
    for (int64_t c = 0; c < channels; c++) {
      dx[c] = dy[c] * s[c];
      ds[c] += dy[c] * x[c];
    }
}

// ---- activations after a bias ----

#define BIAS_ROWS(NAME, TYPE, ACTIVATION)                                                                            \
  VECTORISED void NAME(TYPE* __restrict x, const float* __restrict bias, int64_t rows, int64_t channels) {           \
    for (int64_t row = 0; row < rows; row++, x += channels)                                                          \
      for (int64_t c = 0; c < channels; c++) put(x + c, activated<ACTIVATION>(get(x[c]) + bias[c]));                 \
  }
BIAS_ROWS(biasLinear, float, LINEAR)
BIAS_ROWS(biasSwish, float, SWISH)
BIAS_ROWS(biasRelu, float, RELU)
BIAS_ROWS(biasSigmoid, float, SIGMOID)
BIAS_ROWS(biasReluBrain, Brain, RELU)

#define ACTIVATE(NAME, ACTIVATION)                                                                                   \
  VECTORISED void NAME(const float* __restrict x, float* __restrict y, int64_t count) {                              \
    for (int64_t i = 0; i < count; i++) y[i] = activated<ACTIVATION>(x[i]);                                          \
  }
ACTIVATE(activateSwish, SWISH)
ACTIVATE(activateRelu, RELU)
ACTIVATE(activateSigmoid, SIGMOID)

// From the value before the activation (swish) or after it (relu, sigmoid); adds up what the bias gets.
#define ACTIVATE_GRADIENT(NAME, TYPE, SLOPE)                                                                         \
  VECTORISED void NAME(const TYPE* __restrict dy, const TYPE* __restrict z, TYPE* __restrict dx,                     \
                       float* __restrict sum, int64_t rows, int64_t channels) {                                      \
    for (int64_t row = 0; row < rows; row++, z += channels, dy += channels, dx += channels)                          \
      for (int64_t c = 0; c < channels; c++) {                                                                       \
        const float at = get(z[c]), g = get(dy[c]) * (SLOPE);                                                        \
        putBack(dx + c, g);                                                                                          \
        sum[c] += g;                                                                                                 \
      }                                                                                                              \
  }
ACTIVATE_GRADIENT(activateGradientSwish, float, slope<SWISH>(at))
ACTIVATE_GRADIENT(activateGradientRelu, float, at > 0.0f ? 1.0f : 0.0f)
ACTIVATE_GRADIENT(activateGradientSigmoid, float, at * (1.0f - at))
ACTIVATE_GRADIENT(activateGradientReluBrain, Brain, at > 0.0f ? 1.0f : 0.0f)

// ---- max-pool over squares of two, without overlap, and its gradient ----

#define LARGEST_ROW(NAME, TYPE)                                                                                      \
  VECTORISED void NAME(const TYPE* __restrict x0, const TYPE* __restrict x1, TYPE* __restrict y, int64_t windows,    \
                       int64_t channels) {                                                                           \
    for (int64_t w = 0; w < windows; w++, x0 += 2 * channels, x1 += 2 * channels, y += channels)                     \
      for (int64_t c = 0; c < channels; c++) {                                                                       \
        const float a = get(x0[c]), b = get(x0[c + channels]), p = get(x1[c]), q = get(x1[c + channels]);            \
        const float up = a >= b ? a : b, down = p >= q ? p : q;                                                      \
        putBack(y + c, up >= down ? up : down);                                                                      \
      }                                                                                                              \
  }
LARGEST_ROW(largestRow, float)
LARGEST_ROW(largestRowBrain, Brain)

// A window's gradient goes to the first of its largest values.
#define POOL_ROW(NAME, TYPE)                                                                                         \
  VECTORISED void NAME(const TYPE* __restrict x0, const TYPE* __restrict x1, const TYPE* __restrict dy,              \
                       TYPE* __restrict dx0, TYPE* __restrict dx1, int64_t windows, int64_t channels) {              \
    for (int64_t w = 0; w < windows; w++) {                                                                          \
      const TYPE *pa = x0 + 2 * w * channels, *pb = pa + channels, *pp = x1 + 2 * w * channels, *pq = pp + channels; \
      const TYPE* g = dy + w * channels;                                                                             \
      TYPE *da = dx0 + 2 * w * channels, *db = da + channels, *dp = dx1 + 2 * w * channels, *dq = dp + channels;     \
      _Pragma("GCC ivdep")                                                                                           \
      for (int64_t c = 0; c < channels; c++) {                                                                       \
        const float a = get(pa[c]), b = get(pb[c]), p = get(pp[c]), q = get(pq[c]);                                  \
        const bool isA = a >= b && a >= p && a >= q;                                                                 \
        const bool isB = b > a && b >= p && b >= q;                                                                  \
        const bool isP = p > a && p > b && p >= q;                                                                   \
        const TYPE slope = g[c];                                                                                     \
        da[c] = isA ? slope : TYPE(0);                                                                               \
        db[c] = isB ? slope : TYPE(0);                                                                               \
        dp[c] = isP ? slope : TYPE(0);                                                                               \
        dq[c] = isA || isB || isP ? TYPE(0) : slope;                                                                 \
      }                                                                                                              \
    }                                                                                                                \
  }
POOL_ROW(poolRow, float)
POOL_ROW(poolRowBrain, Brain)

// ---- weights, in place ----

// Adam (Kingma and Ba 2014); the rate has both bias corrections in it.
VECTORISED void adamStep(float* __restrict w, float* __restrict m, float* __restrict v, const float* __restrict g,
                         float rate, float take1, float take2, float epsilon, int64_t count) {
  for (int64_t i = 0; i < count; i++) {
    const float first = m[i] + (g[i] - m[i]) * take1;
    const float second = v[i] + (g[i] * g[i] - v[i]) * take2;
    m[i] = first;
    v[i] = second;
    w[i] -= first * rate / (std::sqrt(second) + epsilon);
  }
}

VECTORISED void followStep(float* __restrict moving, const float* __restrict batch, float momentum, int64_t count) {
  for (int64_t i = 0; i < count; i++) moving[i] = moving[i] * momentum + batch[i] * (1.0f - momentum);
}

// ---- what TensorFlow calls ----

struct Attributes {
  float epsilon = 0.0f, momentum = 0.0f;
  int32_t activation = 0, stride = 1, top = 0, left = 0;
};

// Inputs and outputs of one call; the first thing that goes wrong is what TensorFlow is told.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelContext_Failure(context_, status_);
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }
  bool ok() const { return TF_GetCode(status_) == TF_OK; }
  void fail(const char* message) {
    if (ok()) TF_SetStatus(status_, TF_INVALID_ARGUMENT, message);
  }
  template <typename T = float>
  const T* input(int index) {
    TF_Tensor* tensor = take(index);
    return tensor ? static_cast<const T*>(TF_TensorData(tensor)) : nullptr;
  }
  bool isBrain(int index) {
    TF_Tensor* tensor = take(index);
    return tensor && TF_TensorType(tensor) == TF_BFLOAT16;
  }
  std::vector<int64_t> shape(int index) {
    std::vector<int64_t> dims;
    if (TF_Tensor* tensor = take(index))
      for (int i = 0; i < TF_NumDims(tensor); i++) dims.push_back(TF_Dim(tensor, i));
    return dims;
  }
  template <typename T = float>
  T* output(int index, const std::vector<int64_t>& dims) {
    if (!ok()) return nullptr;
    size_t bytes = sizeof(T);
    for (int64_t dim : dims) bytes *= static_cast<size_t>(dim);
    const TF_DataType type = sizeof(T) == sizeof(float) ? TF_FLOAT : TF_BFLOAT16;
    TF_Tensor* tensor =
        TF_AllocateOutput(context_, index, type, dims.data(), static_cast<int>(dims.size()), bytes, status_);
    if (!tensor) return nullptr;
    tensors_.push_back(tensor);
    return static_cast<T*>(TF_TensorData(tensor));
  }

 private:
  TF_Tensor* take(int index) {
    if (!ok()) return nullptr;
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    if (tensor) tensors_.push_back(tensor);
    return tensor;
  }

  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

int64_t sizeOf(const std::vector<int64_t>& dims) {
  int64_t size = 1;
  for (int64_t dim : dims) size *= dim;
  return size;
}

template <typename F>
F chosen(int32_t activation, F linear, F swish, F relu) {
  return activation == SWISH ? swish : activation == RELU ? relu : linear;
}

// The normalisation as x · scale + shift.
void affine(int64_t channels, const float* gamma, const float* beta, const float* mean, const float* inverse,
            std::vector<float>& scale, std::vector<float>& shift) {
  scale.resize(channels);
  shift.resize(channels);
  for (int64_t c = 0; c < channels; c++) {
    scale[c] = gamma[c] * inverse[c];
    shift[c] = beta[c] - mean[c] * scale[c];
  }
}

void applyTo(int32_t activation, const float* x, const std::vector<float>& scale, const std::vector<float>& shift, float* y,
             int64_t rows, int64_t channels) {
  auto apply = chosen(activation, applyLinear, applySwish, applyRelu);
  overRows(rows, channels, [&](int64_t from, int64_t count) {
    apply(x + from * channels, scale.data(), shift.data(), y + from * channels, count, channels);
  });
}

// x, gamma, beta → y, mean, variance (biased), 1/√(variance + epsilon)
void normalise(const Attributes& attributes, Call& call) {
  const std::vector<int64_t> dims = call.shape(0);
  if (dims.empty() || sizeOf(dims) == 0) return call.fail("BloodlineNorm wants values with channels");
  const int64_t channels = dims.back(), rows = sizeOf(dims) / channels;
  if (call.shape(1) != std::vector<int64_t>{channels} || call.shape(2) != std::vector<int64_t>{channels})
    return call.fail("BloodlineNorm wants gamma and beta of each channel");
  const float *x = call.input(0), *gamma = call.input(1), *beta = call.input(2);
  float *y = call.output(0, dims), *mean = call.output(1, {channels}), *variance = call.output(2, {channels}),
        *inverse = call.output(3, {channels});
  if (!call.ok()) return;
  // Around the first row, so that a large mean costs the variance no figures.
  std::vector<double> sum(channels), squares(channels);
  pairOfSums(rows, channels, sum.data(), squares.data(), [&](int64_t from, int64_t count, float* a, float* b) {
    sumsOfRows(x + from * channels, x, a, b, count, channels);
  });
  for (int64_t c = 0; c < channels; c++) {
    const double off = sum[c] / rows, spread = std::max(0.0, squares[c] / rows - off * off);
    mean[c] = static_cast<float>(x[c] + off);
    variance[c] = static_cast<float>(spread);
    inverse[c] = static_cast<float>(1.0 / std::sqrt(spread + attributes.epsilon));
  }
  std::vector<float> scale, shift;
  affine(channels, gamma, beta, mean, inverse, scale, shift);
  applyTo(attributes.activation, x, scale, shift, y, rows, channels);
}

// x, gamma, beta, mean, variance → y
void applyNorm(const Attributes& attributes, Call& call) {
  const std::vector<int64_t> dims = call.shape(0);
  if (dims.empty() || sizeOf(dims) == 0) return call.fail("BloodlineNormApply wants values with channels");
  const int64_t channels = dims.back(), rows = sizeOf(dims) / channels;
  for (int i = 1; i < 5; i++)
    if (call.shape(i) != std::vector<int64_t>{channels}) return call.fail("BloodlineNormApply wants values of each channel");
  const float *x = call.input(0), *gamma = call.input(1), *beta = call.input(2), *mean = call.input(3),
              *variance = call.input(4);
  float* y = call.output(0, dims);
  if (!call.ok()) return;
  std::vector<float> inverse(channels), scale, shift;
  for (int64_t c = 0; c < channels; c++)
    inverse[c] = static_cast<float>(1.0 / std::sqrt((double)variance[c] + attributes.epsilon));
  affine(channels, gamma, beta, mean, inverse.data(), scale, shift);
  applyTo(attributes.activation, x, scale, shift, y, rows, channels);
}

// dy, x, gamma, beta, mean, 1/√(variance + epsilon) → dx, dgamma, dbeta
void normaliseGradient(const Attributes& attributes, Call& call) {
  const std::vector<int64_t> dims = call.shape(1);
  if (dims.empty() || sizeOf(dims) == 0 || call.shape(0) != dims)
    return call.fail("BloodlineNormGradient wants dy and x of one shape");
  const int64_t channels = dims.back(), rows = sizeOf(dims) / channels;
  for (int i = 2; i < 6; i++)
    if (call.shape(i) != std::vector<int64_t>{channels}) return call.fail("BloodlineNormGradient wants values of each channel");
  const float *dy = call.input(0), *x = call.input(1), *gamma = call.input(2), *beta = call.input(3),
              *mean = call.input(4), *inverse = call.input(5);
  float *dx = call.output(0, dims), *dGamma = call.output(1, {channels}), *dBeta = call.output(2, {channels});
  if (!call.ok()) return;
  std::vector<float> scale, shift, a(channels), b(channels);
  affine(channels, gamma, beta, mean, inverse, scale, shift);
  auto sums = chosen(attributes.activation, gradientSumsLinear, gradientSumsSwish, gradientSumsRelu);
  std::vector<double> sum(channels), product(channels);
  pairOfSums(rows, channels, sum.data(), product.data(), [&](int64_t from, int64_t count, float* p, float* q) {
    sums(dy + from * channels, x + from * channels, scale.data(), shift.data(), mean, p, q, count, channels);
  });
  // dx = scale · (g − mean(g) − x̂ · mean(g · x̂)), sorted by what is multiplied with x.
  for (int64_t c = 0; c < channels; c++) {
    dBeta[c] = static_cast<float>(sum[c]);
    dGamma[c] = static_cast<float>(product[c] * inverse[c]);
    const double onX = -(double)scale[c] * inverse[c] * inverse[c] * product[c] / rows;
    a[c] = static_cast<float>(onX);
    b[c] = static_cast<float>(-(double)scale[c] * sum[c] / rows - onX * mean[c]);
  }
  auto gradient = chosen(attributes.activation, gradientLinear, gradientSwish, gradientRelu);
  overRows(rows, channels, [&](int64_t from, int64_t count) {
    const int64_t at = from * channels;
    gradient(dy + at, x + at, scale.data(), shift.data(), a.data(), b.data(), dx + at, count, channels);
  });
}

// x, dy, filter (for its shape) → gradient of the filter
void depthwiseFilterGradient(const Attributes& attributes, Call& call) {
  const std::vector<int64_t> x = call.shape(0), dy = call.shape(1), filter = call.shape(2);
  if (x.size() != 4 || dy.size() != 4 || filter.size() != 4 || filter[3] != 1 || filter[0] != filter[1] ||
      x[3] != filter[2] || dy[3] != x[3] || dy[0] != x[0])
    return call.fail("BloodlineDepthwiseFilterGradient wants x, dy and a square filter with one output a channel");
  const float *atX = call.input(0), *atDy = call.input(1);
  float* out = call.output(0, filter);
  if (!call.ok()) return;
  const Depthwise d{x[0], x[1], x[2], x[3], dy[1], dy[2], filter[0], attributes.stride, attributes.top, attributes.left};
  filterGradient(d, atX, atDy, out);
}

// dy, x, s (a sample and channel each) → dx, ds
void exciteGradient(const Attributes&, Call& call) {
  const std::vector<int64_t> dims = call.shape(1), of = call.shape(2);
  if (dims.size() != 4 || call.shape(0) != dims || sizeOf(of) != dims[0] * dims[3])
    return call.fail("BloodlineExciteGradient wants dy and x of one shape and a value for each sample and channel");
  const float *dy = call.input(0), *x = call.input(1), *s = call.input(2);
  float *dx = call.output(0, dims), *ds = call.output(1, of);
  if (!call.ok()) return;
  const int64_t rows = dims[1] * dims[2], channels = dims[3];
  Pool::get().run(dims[0], [&](int64_t n) {
    const int64_t at = n * rows * channels;
    exciteRows(dy + at, x + at, s + n * channels, dx + at, ds + n * channels, rows, channels);
  });
}

// Writes over x, which nobody else may hold: x ← activation(x + bias)
template <typename T>
void addBias(Call& call, void (*add)(T*, const float*, int64_t, int64_t)) {
  const std::vector<int64_t> dims = call.shape(0);
  if (dims.empty() || call.shape(1) != std::vector<int64_t>{dims.back()})
    return call.fail("BloodlineBias wants a bias for each channel");
  const int64_t channels = dims.back(), rows = sizeOf(dims) / channels;
  T* x = const_cast<T*>(call.input<T>(0));
  const float* bias = call.input(1);
  if (!call.ok()) return;
  overRows(rows, channels, [&](int64_t from, int64_t count) { add(x + from * channels, bias, count, channels); });
}

void biasInPlace(const Attributes& attributes, Call& call) {
  const int32_t activation = attributes.activation;
  if (!call.isBrain(0))
    return addBias(call, activation == SIGMOID ? biasSigmoid : chosen(activation, biasLinear, biasSwish, biasRelu));
  if (activation != RELU) return call.fail("BloodlineBias on bfloat16 is for relu");
  addBias(call, biasReluBrain);
}

// x → activation(x)
void activate(const Attributes& attributes, Call& call) {
  const std::vector<int64_t> dims = call.shape(0);
  const float* x = call.input(0);
  float* y = call.output(0, dims);
  if (!call.ok()) return;
  auto apply = attributes.activation == SIGMOID ? activateSigmoid : attributes.activation == RELU ? activateRelu : activateSwish;
  overRows(sizeOf(dims), 1, [&](int64_t from, int64_t count) { apply(x + from, y + from, count); });
}

// dy, the value before (swish) or after (relu, sigmoid) the activation → dx, its sum over each channel
template <typename T>
void activateBack(Call& call, void (*gradient)(const T*, const T*, T*, float*, int64_t, int64_t)) {
  const std::vector<int64_t> dims = call.shape(0);
  if (dims.empty() || sizeOf(dims) == 0 || call.shape(1) != dims)
    return call.fail("BloodlineActivateGradient wants dy and values of one shape");
  const int64_t channels = dims.back(), rows = sizeOf(dims) / channels;
  const T *dy = call.input<T>(0), *z = call.input<T>(1);
  T* dx = call.output<T>(0, dims);
  float* dBias = call.output(1, {channels});
  if (!call.ok()) return;
  std::vector<double> sum(channels), none(channels);
  pairOfSums(rows, channels, sum.data(), none.data(), [&](int64_t from, int64_t count, float* a, float*) {
    gradient(dy + from * channels, z + from * channels, dx + from * channels, a, count, channels);
  });
  for (int64_t c = 0; c < channels; c++) dBias[c] = static_cast<float>(sum[c]);
}

void activateGradient(const Attributes& attributes, Call& call) {
  const int32_t activation = attributes.activation;
  if (!call.isBrain(0))
    return activateBack(call, activation == SIGMOID ? activateGradientSigmoid
                              : activation == RELU  ? activateGradientRelu
                                                    : activateGradientSwish);
  if (activation != RELU) return call.fail("BloodlineActivateGradient on bfloat16 is for relu");
  activateBack(call, activateGradientReluBrain);
}

// x → the largest of each window of 2 by 2, with strides of 2, valid
template <typename T>
void poolTo(Call& call, void (*largestRow)(const T*, const T*, T*, int64_t, int64_t)) {
  const std::vector<int64_t> dims = call.shape(0);
  if (dims.size() != 4) return call.fail("BloodlineMaxPool wants images");
  const int64_t up = dims[1] / 2, across = dims[2] / 2, row = dims[2] * dims[3];
  const T* x = call.input<T>(0);
  T* y = call.output<T>(0, {dims[0], up, across, dims[3]});
  if (!call.ok()) return;
  Pool::get().run(dims[0] * up, [&](int64_t part) {
    const int64_t at = (part / up * dims[1] + 2 * (part % up)) * row;
    largestRow(x + at, x + at + row, y + part * across * dims[3], across, dims[3]);
  });
}

void maxPool(const Attributes&, Call& call) {
  return call.isBrain(0) ? poolTo(call, largestRowBrain) : poolTo(call, largestRow);
}

// dy, x → its dx
template <typename T>
void poolBack(Call& call, void (*poolRow)(const T*, const T*, const T*, T*, T*, int64_t, int64_t)) {
  const std::vector<int64_t> dims = call.shape(1), of = call.shape(0);
  if (dims.size() != 4 || of != std::vector<int64_t>{dims[0], dims[1] / 2, dims[2] / 2, dims[3]})
    return call.fail("BloodlineMaxPoolGradient wants x and dy of half its size");
  const T *dy = call.input<T>(0), *x = call.input<T>(1);
  T* dx = call.output<T>(0, dims);
  if (!call.ok()) return;
  const int64_t row = dims[2] * dims[3], up = (dims[1] + 1) / 2;
  Pool::get().run(dims[0] * up, [&](int64_t part) {
    const int64_t n = part / up, oh = part % up;
    const int64_t at = (n * dims[1] + 2 * oh) * row;
    if (oh >= of[1]) {
      std::fill(dx + at, dx + at + row, T(0));
      return;
    }
    if (dims[2] % 2) {
      std::fill(dx + at + row - dims[3], dx + at + row, T(0));
      std::fill(dx + at + 2 * row - dims[3], dx + at + 2 * row, T(0));
    }
    poolRow(x + at, x + at + row, dy + (n * of[1] + oh) * of[2] * dims[3], dx + at, dx + at + row, of[2], dims[3]);
  });
}

void maxPoolGradient(const Attributes&, Call& call) {
  return call.isBrain(0) ? poolBack(call, poolRowBrain) : poolBack(call, poolRow);
}

// Writes over w, m and v, which nobody else may hold. w, m, v, gradient, [rate, 1 − beta1, 1 − beta2, epsilon]
void adamInPlace(const Attributes&, Call& call) {
  const int64_t size = sizeOf(call.shape(0));
  for (int i = 1; i < 4; i++)
    if (sizeOf(call.shape(i)) != size) return call.fail("BloodlineAdam wants a weight, two moments and a gradient of one size");
  float *w = const_cast<float*>(call.input(0)), *m = const_cast<float*>(call.input(1)), *v = const_cast<float*>(call.input(2));
  const float *g = call.input(3), *options = call.input(4);
  if (!call.ok()) return;
  overRows(size, 1, [&](int64_t from, int64_t count) {
    adamStep(w + from, m + from, v + from, g + from, options[0], options[1], options[2], options[3], count);
  });
}

// Writes over `moving`, which nobody else may hold: moving ← moving · momentum + batch · (1 − momentum)
void follow(const Attributes& attributes, Call& call) {
  const int64_t size = sizeOf(call.shape(0));
  if (sizeOf(call.shape(1)) != size) return call.fail("BloodlineFollow wants two averages of one size");
  float* moving = const_cast<float*>(call.input(0));
  const float* batch = call.input(1);
  if (call.ok()) followStep(moving, batch, attributes.momentum, size);
}

// ---- registration ----

void* readAttributes(TF_OpKernelConstruction* construction) {
  auto* attributes = new Attributes();
  TF_Status* status = TF_NewStatus();
  // An operation has some of them; what it does not have stays as it is.
  const auto number = [&](const char* name, float* into) {
    float value;
    TF_SetStatus(status, TF_OK, "");
    TF_OpKernelConstruction_GetAttrFloat(construction, name, &value, status);
    if (TF_GetCode(status) == TF_OK) *into = value;
  };
  number("epsilon", &attributes->epsilon);
  number("momentum", &attributes->momentum);
  const auto integer = [&](const char* name, int32_t* into) {
    int32_t value;
    TF_SetStatus(status, TF_OK, "");
    TF_OpKernelConstruction_GetAttrInt32(construction, name, &value, status);
    if (TF_GetCode(status) == TF_OK) *into = value;
  };
  integer("activation", &attributes->activation);
  integer("stride", &attributes->stride);
  integer("top", &attributes->top);
  integer("left", &attributes->left);
  TF_DeleteStatus(status);
  return attributes;
}

template <void (*compute)(const Attributes&, Call&)>
void computeWith(void* attributes, TF_OpKernelContext* context) {
  Call call(context);
  compute(*static_cast<Attributes*>(attributes), call);
}

void forget(void* attributes) { delete static_cast<Attributes*>(attributes); }

void unknownShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

template <void (*compute)(const Attributes&, Call&)>
void add(const char* name, const std::vector<const char*>& inputs, const std::vector<const char*>& outputs,
         const std::vector<const char*>& attributes) {
  TF_Status* status = TF_NewStatus();
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(name);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(definition, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(definition, output);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, unknownShape);
  TF_RegisterOpDefinition(definition, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", readAttributes, computeWith<compute>, forget);
    TF_RegisterKernelBuilder(name, kernel, status);
  }
  TF_DeleteStatus(status);
}

const bool registered = [] {
  const char *epsilon = "epsilon: float", *activation = "activation: int";
  add<normalise>("BloodlineNorm", {"x: float", "gamma: float", "beta: float"},
                 {"y: float", "mean: float", "variance: float", "inverse: float"}, {epsilon, activation});
  add<applyNorm>("BloodlineNormApply", {"x: float", "gamma: float", "beta: float", "mean: float", "variance: float"},
                 {"y: float"}, {epsilon, activation});
  add<normaliseGradient>("BloodlineNormGradient",
                         {"dy: float", "x: float", "gamma: float", "beta: float", "mean: float", "inverse: float"},
                         {"dx: float", "dgamma: float", "dbeta: float"}, {activation});
  add<depthwiseFilterGradient>("BloodlineDepthwiseFilterGradient", {"x: float", "dy: float", "filter: float"},
                               {"dfilter: float"}, {"stride: int", "top: int", "left: int"});
  add<exciteGradient>("BloodlineExciteGradient", {"dy: float", "x: float", "s: float"}, {"dx: float", "ds: float"}, {});
  const char* type = "T: {float, bfloat16}";
  add<biasInPlace>("BloodlineBias", {"x: T", "bias: float"}, {}, {type, activation});
  add<activate>("BloodlineActivate", {"x: float"}, {"y: float"}, {activation});
  add<activateGradient>("BloodlineActivateGradient", {"dy: T", "z: T"}, {"dx: T", "dbias: float"}, {type, activation});
  // Asked for by whoever wants these very operations; its number goes up when one of them changes. Those before stay as
  // long as what they ask for is there: clones of several versions share an engine.
  add<activate>("BloodlineKernels2", {"x: float"}, {"y: float"}, {activation});
  add<activate>("BloodlineKernels3", {"x: float"}, {"y: float"}, {activation});
  add<maxPool>("BloodlineMaxPool", {"x: T"}, {"y: T"}, {type});
  add<maxPoolGradient>("BloodlineMaxPoolGradient", {"dy: T", "x: T"}, {"dx: T"}, {type});
  add<adamInPlace>("BloodlineAdam", {"w: float", "m: float", "v: float", "gradient: float", "options: float"}, {}, {});
  add<follow>("BloodlineFollow", {"moving: float", "batch: float"}, {}, {"momentum: float"});
  return true;
}();

}  // namespace
