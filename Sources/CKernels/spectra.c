#include "ckernels.h"
#include "clones.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

/* Loops over the points of a spectrum. */

CK_CLONES
void ck_contrasts(const double *x, const double *y, double *contrast, long n) {
  for (long i = 0; i + 3 < n; i++) {
    const double a = x[i] - x[i + 1], b = x[i] - x[i + 2], c = x[i] - x[i + 3];
    const double d = x[i + 1] - x[i + 2], e = x[i + 1] - x[i + 3], f = x[i + 2] - x[i + 3];
    /* The products of differences of each point, and the others' products, which are the weights times
       one common factor. */
    const double p = a * b * c, q = -a * d * e, r = b * d * f, s = -c * e * f;
    const double pq = p * q, rs = r * s;
    const double u = q * rs, v = p * rs, w = pq * s, z = pq * r;
    const double sum = y[i] * u + y[i + 1] * v + y[i + 2] * w + y[i + 3] * z;
    contrast[i] = fabs(sum) / sqrt(u * u + v * v + w * w + z * z);
  }
}

double ck_spline_solve(long count, const double *steps, const double *before, const double *at,
                       const double *after, const double *right, const double *y, double lambda,
                       double *work, double *g, double *values) {
  const long m = count;
  const double *h = steps, *q0 = before, *q1 = at, *q2 = after;
  double *d = work, *u1 = work + m, *u2 = work + 2 * m;
  double *b0 = work + 3 * m, *b1 = b0 + m + 2, *b2 = b1 + m + 2;
  /* LDLᵀ of the matrix with its two upper bands, and the forward pass. */
  for (long i = 0; i < m; i++) {
    double pivot = (h[i] + h[i + 1]) / 3 + lambda * (q0[i] * q0[i] + q1[i] * q1[i] + q2[i] * q2[i]);
    double first = 0, second = 0, rest = right[i];
    if (i + 1 < m) first = h[i + 1] / 6 + lambda * (q1[i] * q0[i + 1] + q2[i] * q1[i + 1]);
    if (i + 2 < m) second = lambda * q2[i] * q0[i + 2];
    if (i > 0) {
      pivot -= d[i - 1] * u1[i - 1] * u1[i - 1];
      first -= d[i - 1] * u1[i - 1] * u2[i - 1];
      rest -= u1[i - 1] * g[i - 1];
    }
    if (i > 1) {
      pivot -= d[i - 2] * u2[i - 2] * u2[i - 2];
      rest -= u2[i - 2] * g[i - 2];
    }
    d[i] = pivot;
    u1[i] = first / pivot;
    u2[i] = second / pivot;
    g[i] = rest;
  }
  for (long i = 0; i < m; i++) g[i] /= d[i];
  /* Back substitution, and the central bands of the inverse from the last row upwards. */
  b0[m] = b0[m + 1] = b1[m] = b1[m + 1] = b2[m] = b2[m + 1] = 0;
  double trace = 0;
  for (long i = m - 1; i >= 0; i--) {
    const double p = i + 1 < m ? u1[i] : 0, r = i + 2 < m ? u2[i] : 0;
    if (i + 1 < m) g[i] -= p * g[i + 1];
    if (i + 2 < m) g[i] -= r * g[i + 2];
    b1[i] = -p * b0[i + 1] - r * b1[i + 1];
    b2[i] = -p * b1[i + 1] - r * b0[i + 2];
    b0[i] = 1 / d[i] - p * b1[i] - r * b2[i];
  }
  for (long i = 0; i < m; i++) {
    trace += (q0[i] * q0[i] + q1[i] * q1[i] + q2[i] * q2[i]) * b0[i];
    if (i + 1 < m) trace += 2 * (q1[i] * q0[i + 1] + q2[i] * q1[i + 1]) * b1[i];
    if (i + 2 < m) trace += 2 * q2[i] * q0[i + 2] * b2[i];
  }
  for (long i = 0; i < m + 2; i++) values[i] = y[i];
  for (long i = 0; i < m; i++) {
    values[i] -= lambda * q0[i] * g[i];
    values[i + 1] -= lambda * q1[i] * g[i];
    values[i + 2] -= lambda * q2[i] * g[i];
  }
  return lambda * trace;
}
