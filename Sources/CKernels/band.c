#include "ckernels.h"
#include "clones.h"
#include <math.h>

#pragma STDC FP_CONTRACT OFF

/* c −= s[0]·l[0] + … + s[3]·l[3], term by term from the left. */
CK_CLONES
static void subtract4(double *restrict c, const double *restrict l0, const double *restrict l1,
                      const double *restrict l2, const double *restrict l3, const double s[4],
                      long count) {
  const double a = s[0], b = s[1], d = s[2], e = s[3];
  for (long t = 0; t < count; t++) {
    c[t] = (((c[t] - a * l0[t]) - b * l1[t]) - d * l2[t]) - e * l3[t];
  }
}

CK_CLONES
static void subtract1(double *restrict c, const double *restrict l, double s, long count) {
  for (long t = 0; t < count; t++) c[t] -= s * l[t];
}

/* Eight partial sums, added in a fixed order: the same bits with any vector length. */
CK_CLONES
static double dot(const double *restrict x, const double *restrict y, long count) {
  double sum[8] = {0};
  long t = 0;
  for (; t + 8 <= count; t += 8) {
    for (int k = 0; k < 8; k++) sum[k] += x[t + k] * y[t + k];
  }
  for (; t < count; t++) sum[0] += x[t] * y[t];
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

long ck_band_cholesky(const double *a, double *l, long n, long b, long from) {
  const long width = b + 1;
  for (long j = from; j < n; j++) {
    double *column = l + j * width;
    const double *source = a + j * width;
    for (long t = 0; t < width; t++) column[t] = source[t];
    long k = j > b ? j - b : 0;
    /* Column k reaches row k + b: all four reach as far as the first does, the rest one by one. */
    for (; k + 4 <= j; k += 4) {
      const double *first = l + k * width + (j - k);
      const long count = k + b - j + 1;
      const double s[4] = {first[0], first[width - 1], first[2 * (width - 1)],
                           first[3 * (width - 1)]};
      if (s[0] == 0 && s[1] == 0 && s[2] == 0 && s[3] == 0) continue;
      const double *second = first + (width - 1), *third = second + (width - 1);
      const double *fourth = third + (width - 1);
      subtract4(column, first, second, third, fourth, s, count);
      column[count] = ((column[count] - s[1] * second[count]) - s[2] * third[count])
                      - s[3] * fourth[count];
      column[count + 1] = (column[count + 1] - s[2] * third[count + 1]) - s[3] * fourth[count + 1];
      column[count + 2] -= s[3] * fourth[count + 2];
    }
    for (; k < j; k++) {
      const double *other = l + k * width + (j - k);
      if (other[0] != 0) subtract1(column, other, other[0], k + b - j + 1);
    }
    const double pivot = column[0];
    if (!(pivot > 1e-15 * fabs(source[0])) || isinf(pivot)) return j;
    const double root = sqrt(pivot);
    column[0] = root;
    for (long t = 1; t < width; t++) column[t] /= root;
  }
  return n;
}

void ck_band_forward(const double *l, double *x, long n, long b) {
  const long width = b + 1;
  for (long j = 0; j < n; j++) {
    const double *column = l + j * width;
    x[j] /= column[0];
    const long count = n - 1 - j < b ? n - 1 - j : b;
    if (x[j] != 0) subtract1(x + j + 1, column + 1, x[j], count);
  }
}

void ck_band_backward(const double *l, double *x, long n, long b) {
  const long width = b + 1;
  for (long j = n - 1; j >= 0; j--) {
    const double *column = l + j * width;
    const long count = n - 1 - j < b ? n - 1 - j : b;
    x[j] = (x[j] - dot(column + 1, x + j + 1, count)) / column[0];
  }
}
