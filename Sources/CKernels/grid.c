#include "ckernels.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

/* Bilinear elements on a grid of n × m rectangles, node (i, j) at j·(n + 1) + i, clamped at j = 0.

   With u = u₀ + (gx·ξ + gy·η + h·ξη)/4 on an element, its energy is a sum over constant strain and
   the two ξη modes, which do not couple; `c` holds the coefficients (see GridElasticity.swift).
   Forces at the corners: −p − s + h, p − s − h, −p + s − h, p + s + h for u; t and q stand for p and s
   in v. The six rows of scratch hold h − p, p + h, s and h − t, t + h, q of one row of elements, with
   a zero before and after. */

CK_CLONES
static void element_row(const double *restrict u0, const double *restrict u1,
                        const double *restrict v0, const double *restrict v1,
                        const double *restrict e, long n, const double *restrict c,
                        double *restrict mu, double *restrict nu, double *restrict su,
                        double *restrict mv, double *restrict nv, double *restrict sv) {
  const double c0 = c[0], c1 = c[1], c2 = c[2], c3 = c[3], c4 = c[4], c5 = c[5], c6 = c[6],
               c7 = c[7];
  for (long i = 0; i < n; i++) {
    const double au = u1[i + 1] - u0[i], bu = u0[i + 1] - u1[i];
    const double av = v1[i + 1] - v0[i], bv = v0[i + 1] - v1[i];
    const double gxu = au + bu, gyu = au - bu, gxv = av + bv, gyv = av - bv;
    const double hu = (u0[i] + u1[i + 1]) - (u0[i + 1] + u1[i]);
    const double hv = (v0[i] + v1[i + 1]) - (v0[i + 1] + v1[i]);
    const double p = e[i] * (c0 * gxu + c1 * gyv), q = e[i] * (c2 * gyv + c1 * gxu);
    const double s = e[i] * (c3 * gyu + c4 * gxv), t = e[i] * (c5 * gxv + c4 * gyu);
    const double ku = e[i] * (c6 * hu), kv = e[i] * (c7 * hv);
    mu[i] = ku - p;
    nu[i] = p + ku;
    su[i] = s;
    mv[i] = kv - t;
    nv[i] = t + kv;
    sv[i] = q;
  }
}

/* top = what the row of elements below gave; on return what this row gives to the nodes above. */
#define BOTTOM(m, s) ((m[i + 1] - s[i + 1]) - (m[i] + s[i]))
#define TOP(n, s) ((s[i + 1] - n[i + 1]) + (s[i] + n[i]))

CK_CLONES
static void apply_row(const double *restrict m, const double *restrict n, const double *restrict s,
                      double *restrict top, double *restrict y, long count) {
  for (long i = 0; i < count; i++) {
    y[i] = top[i] + BOTTOM(m, s);
    top[i] = TOP(n, s);
  }
}

CK_CLONES
static void residual_row(const double *restrict m, const double *restrict n,
                         const double *restrict s, double *restrict top, const double *restrict b,
                         double *restrict y, long count) {
  for (long i = 0; i < count; i++) {
    y[i] = b[i] - (top[i] + BOTTOM(m, s));
    top[i] = TOP(n, s);
  }
}

CK_CLONES
static void smooth_row(const double *restrict m, const double *restrict n,
                       const double *restrict s, double *restrict top, const double *restrict b,
                       const double *restrict w, double keep, double step, double *restrict d,
                       double *restrict x, long count) {
  for (long i = 0; i < count; i++) {
    const double r = b[i] - (top[i] + BOTTOM(m, s));
    top[i] = TOP(n, s);
    d[i] = keep * d[i] + step * (w[i] * r);
    x[i] += d[i];
  }
}

CK_CLONES
static double dot_row(const double *restrict x, const double *restrict y, long count) {
  double sum[8] = {0};
  long t = 0;
  for (; t + 8 <= count; t += 8) {
    for (int k = 0; k < 8; k++) sum[k] += x[t + k] * y[t + k];
  }
  for (; t < count; t++) sum[0] += x[t] * y[t];
  return ((sum[0] + sum[1]) + (sum[2] + sum[3])) + ((sum[4] + sum[5]) + (sum[6] + sum[7]));
}

enum mode { APPLY, RESIDUAL, SMOOTH };

static void grid_pass(enum mode mode, double *u, const double *e, long n, long m, const double *c,
                      const double *b, const double *w, double keep, const double *step,
                      double *y, double *scratch) {
  const long row = n + 1, plane = row * (m + 1), pad = n + 2;
  double *mu = scratch, *nu = mu + pad, *su = nu + pad, *mv = su + pad, *nv = mv + pad,
         *sv = nv + pad, *tu = sv + pad, *tv = tu + pad;
  for (long i = 0; i < 8 * pad; i++) scratch[i] = 0;
  double *v = u + plane;
  for (long j = 0; j <= m; j++) {
    if (j < m) {
      element_row(u + j * row, u + (j + 1) * row, v + j * row, v + (j + 1) * row, e + j * n, n, c,
                  mu + 1, nu + 1, su + 1, mv + 1, nv + 1, sv + 1);
    } else {
      for (long i = 0; i < 6 * pad; i++) scratch[i] = 0;
    }
    const long at = j * row;
    double *yu = y + at, *yv = y + plane + at;
    if (j == 0 || mode == APPLY) {
      apply_row(mu, nu, su, tu, j == 0 ? scratch + 8 * pad : yu, row);
      apply_row(mv, nv, sv, tv, j == 0 ? scratch + 8 * pad : yv, row);
    } else if (mode == RESIDUAL) {
      residual_row(mu, nu, su, tu, b + at, yu, row);
      residual_row(mv, nv, sv, tv, b + plane + at, yv, row);
    } else {
      smooth_row(mu, nu, su, tu, b + at, w + at, keep, step[0], yu, u + at, row);
      smooth_row(mv, nv, sv, tv, b + plane + at, w + at, keep, step[1], yv, v + at, row);
    }
    if (j == 0 && mode != SMOOTH) {
      for (long i = 0; i < row; i++) yu[i] = yv[i] = 0;
    }
  }
}

void ck_grid_apply(const double *x, const double *e, long n, long m, const double *c, double *y,
                   double *scratch) {
  grid_pass(APPLY, (double *)x, e, n, m, c, 0, 0, 0, 0, y, scratch);
}

void ck_grid_residual(const double *b, const double *x, const double *e, long n, long m,
                      const double *c, double *y, double *scratch) {
  grid_pass(RESIDUAL, (double *)x, e, n, m, c, b, 0, 0, 0, y, scratch);
}

void ck_grid_smooth(const double *b, const double *e, const double *w, long n, long m,
                    const double *c, double keep, const double *step, double *d, double *x,
                    double *scratch) {
  grid_pass(SMOOTH, x, e, n, m, c, b, w, keep, step, d, scratch);
}

CK_CLONES
static void start_row(const double *restrict b, const double *restrict w, double step,
                      double *restrict d, double *restrict x, long count) {
  for (long i = 0; i < count; i++) {
    d[i] = step * (w[i] * b[i]);
    x[i] = d[i];
  }
}

void ck_grid_start(const double *b, const double *w, long nodes, const double *step, double *d,
                   double *x) {
  start_row(b, w, step[0], d, x, nodes);
  start_row(b + nodes, w, step[1], d + nodes, x + nodes, nodes);
}

/* Coarse node (i, j) gathers the fine nodes round (2i, 2j) with weights 1, ½, ¼. */
CK_CLONES
static void gather_row(const double *restrict below, const double *restrict at,
                       const double *restrict above, double *restrict sum, long count) {
  for (long i = 0; i < count; i++) sum[i] = at[i] + 0.5 * (below[i] + above[i]);
}

void ck_grid_restrict(const double *fine, long n, long m, double *coarse, double *scratch) {
  const long row = n + 1, plane = row * (m + 1), small = n / 2 + 1,
             smallPlane = small * (m / 2 + 1);
  double *zero = scratch, *sum = scratch + row + 1;
  for (long i = 0; i < row; i++) zero[i] = 0;
  sum[-1] = 0;
  sum[row] = 0;
  for (int field = 0; field < 2; field++) {
    const double *from = fine + field * plane;
    double *to = coarse + field * smallPlane;
    for (long i = 0; i < small; i++) to[i] = 0;
    for (long j = 1; j <= m / 2; j++) {
      const double *at = from + 2 * j * row;
      gather_row(at - row, at, 2 * j < m ? at + row : zero, sum, row);
      for (long i = 0; i < small; i++) {
        to[j * small + i] = sum[2 * i] + 0.5 * (sum[2 * i - 1] + sum[2 * i + 1]);
      }
    }
  }
}

CK_CLONES
static void add_half_sum(const double *restrict a, const double *restrict b, double *restrict x,
                         long count) {
  for (long i = 0; i < count; i++) x[i] += 0.5 * (a[i] + b[i]);
}

CK_CLONES
static void add_row(const double *restrict a, double *restrict x, long count) {
  for (long i = 0; i < count; i++) x[i] += a[i];
}

static void spread_row(const double *from, double *to, long small) {
  for (long i = 0; i < small - 1; i++) {
    to[2 * i] = from[i];
    to[2 * i + 1] = 0.5 * (from[i] + from[i + 1]);
  }
  to[2 * (small - 1)] = from[small - 1];
}

void ck_grid_prolong(const double *coarse, long n, long m, double *fine, double *scratch) {
  const long row = n + 1, plane = row * (m + 1), small = n / 2 + 1,
             smallPlane = small * (m / 2 + 1);
  double *last = scratch, *next = scratch + row;
  for (int field = 0; field < 2; field++) {
    const double *from = coarse + field * smallPlane;
    double *to = fine + field * plane;
    spread_row(from, last, small);
    for (long j = 0; j < m / 2; j++) {
      spread_row(from + (j + 1) * small, next, small);
      add_half_sum(last, next, to + (2 * j + 1) * row, row);
      add_row(next, to + (2 * j + 2) * row, row);
      double *other = last;
      last = next;
      next = other;
    }
  }
}

double ck_dot(const double *x, const double *y, long n) {
  /* By blocks, so that long sums lose few digits. */
  double sum = 0;
  for (long at = 0; at < n; at += 1024) {
    sum += dot_row(x + at, y + at, n - at < 1024 ? n - at : 1024);
  }
  return sum;
}

CK_CLONES
void ck_axpy(double a, const double *restrict x, double *restrict y, long n) {
  for (long i = 0; i < n; i++) y[i] += a * x[i];
}

CK_CLONES
void ck_xpay(const double *restrict x, double a, double *restrict y, long n) {
  for (long i = 0; i < n; i++) y[i] = x[i] + a * y[i];
}
