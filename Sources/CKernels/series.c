#include "ckernels.h"
#include "clones.h"

#include <string.h>

#pragma STDC FP_CONTRACT OFF

/* Columns out of records, and their least, greatest and sum.

   Eight lanes run beside each other in all clones, so that all give the same bits. */

typedef double lanes __attribute__((ext_vector_type(8), aligned(8)));

CK_CLONES
void ck_series_lanes(const double *values, long first, long groups, double *state) {
  const double *x = values + first;
  lanes low, high, sum, rest;
  memcpy(&low, state, sizeof low);
  memcpy(&high, state + 8, sizeof high);
  memcpy(&sum, state + 16, sizeof sum);
  memcpy(&rest, state + 24, sizeof rest);
  for (; groups > 0; groups--, x += 8) {
    lanes v;
    memcpy(&v, x, sizeof v);
    low = v < low ? v : low;
    high = v > high ? v : high;
    /* Knuth's TwoSum: t + (its rounding error) is the exact sum. */
    const lanes t = sum + v, part = t - sum;
    rest += (sum - (t - part)) + (v - part);
    sum = t;
  }
  memcpy(state, &low, sizeof low);
  memcpy(state + 8, &high, sizeof high);
  memcpy(state + 16, &sum, sizeof sum);
  memcpy(state + 24, &rest, sizeof rest);
}

CK_CLONES
void ck_whole_range(const int64_t *x, long n, int64_t *low, int64_t *high, uint64_t *sum) {
  int64_t least = *low, greatest = *high;
  uint64_t total = 0;
  for (long i = 0; i < n; i++) {
    least = x[i] < least ? x[i] : least;
    greatest = x[i] > greatest ? x[i] : greatest;
    total += (uint64_t)x[i];
  }
  *low = least, *high = greatest, *sum = total;
}

/* One field of n records, little-endian or of the other order, as the processor's own type. */
#define FIELD(name, type, bits, swap, out)                                                     \
  static void name(const uint8_t *p, long size, long n, int swapped, out *to) {                \
    if (swapped) {                                                                             \
      for (long i = 0; i < n; i++, p += size) {                                                \
        bits raw;                                                                              \
        memcpy(&raw, p, sizeof raw);                                                           \
        raw = swap(raw);                                                                       \
        type value;                                                                            \
        memcpy(&value, &raw, sizeof value);                                                    \
        to[i] = (out)value;                                                                    \
      }                                                                                        \
    } else {                                                                                   \
      for (long i = 0; i < n; i++, p += size) {                                                \
        type value;                                                                            \
        memcpy(&value, p, sizeof value);                                                       \
        to[i] = (out)value;                                                                    \
      }                                                                                        \
    }                                                                                          \
  }
#define SAME(x) (x)

FIELD(f32, float, uint32_t, __builtin_bswap32, double)
FIELD(f64, double, uint64_t, __builtin_bswap64, double)
FIELD(i8, int8_t, uint8_t, SAME, int64_t)
FIELD(u8, uint8_t, uint8_t, SAME, int64_t)
FIELD(i16, int16_t, uint16_t, __builtin_bswap16, int64_t)
FIELD(u16, uint16_t, uint16_t, __builtin_bswap16, int64_t)
FIELD(i32, int32_t, uint32_t, __builtin_bswap32, int64_t)
FIELD(u32, uint32_t, uint32_t, __builtin_bswap32, int64_t)
FIELD(i64, int64_t, uint64_t, __builtin_bswap64, int64_t)

CK_CLONES
static void divide(double *x, long n, double divisor) {
  for (long i = 0; i < n; i++) x[i] /= divisor;
}

CK_CLONES
static void select_bits(int64_t *x, long n, int64_t mask, int shift) {
  for (long i = 0; i < n; i++) x[i] = (x[i] & mask) >> shift;
}

void ck_field_reals(const uint8_t *p, long size, long n, int bytes, int swapped, double divisor,
                    double *to) {
  if (bytes == 4) {
    f32(p, size, n, swapped, to);
  } else {
    f64(p, size, n, swapped, to);
  }
  if (divisor != 1) divide(to, n, divisor);
}

void ck_field_whole(const uint8_t *p, long size, long n, int bytes, int is_signed, int swapped,
                    int64_t mask, int shift, int64_t *to) {
  switch (bytes) {
  case 1: (is_signed ? i8 : u8)(p, size, n, swapped, to); break;
  case 2: (is_signed ? i16 : u16)(p, size, n, swapped, to); break;
  case 4: (is_signed ? i32 : u32)(p, size, n, swapped, to); break;
  default: i64(p, size, n, swapped, to);
  }
  if (mask != 0) select_bits(to, n, mask, shift);
}
