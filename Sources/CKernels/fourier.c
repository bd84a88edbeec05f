#include "fourier.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

/* Stockham's self-sorting transform, decimation in frequency (Van Loan, Computational Frameworks for the
   Fast Fourier Transform, 1992, section 1.7): with n = radix·m·(what is done), group q takes its inputs
   m·span apart and puts its outputs span apart, so that all inner loops are contiguous. */

#define IN(t, a) const double *restrict a##r = xr + (t), *restrict a##i = xi + (t)
#define OUT(t, a) double *restrict a##r = yr + (t), *restrict a##i = yi + (t)
/* out = (re + i·im)·(c + i·s) */
#define PUT(a, c, s, re, im)      \
  do {                            \
    const double p_ = (re);       \
    const double q_ = (im);       \
    a##r[k] = (c)*p_ - (s)*q_;    \
    a##i[k] = (c)*q_ + (s)*p_;    \
  } while (0)

CK_CLONES
static void radix2(long step, long span, const double *w, const double *xr, const double *xi,
                   double *yr, double *yi) {
  IN(0, a);
  IN(step, b);
  OUT(0, f);
  OUT(span, g);
  const double c1 = w[0], s1 = w[1];
  for (long k = 0; k < span; k++) {
    fr[k] = ar[k] + br[k];
    fi[k] = ai[k] + bi[k];
    PUT(g, c1, s1, ar[k] - br[k], ai[k] - bi[k]);
  }
}

CK_CLONES
static void radix3(long step, long span, const double *w, const double *xr, const double *xi,
                   double *yr, double *yi) {
  IN(0, a);
  IN(step, b);
  IN(2 * step, c);
  OUT(0, f);
  OUT(span, g);
  OUT(2 * span, h);
  const double c1 = w[0], s1 = w[1], c2 = w[2], s2 = w[3];
  const double sine = 0.86602540378443864676;
  for (long k = 0; k < span; k++) {
    const double tr = br[k] + cr[k], ti = bi[k] + ci[k];
    const double ur = ar[k] - 0.5 * tr, ui = ai[k] - 0.5 * ti;
    const double vr = sine * (bi[k] - ci[k]), vi = sine * (cr[k] - br[k]);
    fr[k] = ar[k] + tr;
    fi[k] = ai[k] + ti;
    PUT(g, c1, s1, ur + vr, ui + vi);
    PUT(h, c2, s2, ur - vr, ui - vi);
  }
}

CK_CLONES
static void radix4(long step, long span, const double *w, const double *xr, const double *xi,
                   double *yr, double *yi) {
  IN(0, a);
  IN(step, b);
  IN(2 * step, c);
  IN(3 * step, d);
  OUT(0, f);
  OUT(span, g);
  OUT(2 * span, h);
  OUT(3 * span, j);
  const double c1 = w[0], s1 = w[1], c2 = w[2], s2 = w[3], c3 = w[4], s3 = w[5];
  for (long k = 0; k < span; k++) {
    const double pr = ar[k] + cr[k], pi = ai[k] + ci[k], qr = ar[k] - cr[k], qi = ai[k] - ci[k];
    const double ur = br[k] + dr[k], ui = bi[k] + di[k], vr = bi[k] - di[k], vi = dr[k] - br[k];
    fr[k] = pr + ur;
    fi[k] = pi + ui;
    PUT(g, c1, s1, qr + vr, qi + vi);
    PUT(h, c2, s2, pr - ur, pi - ui);
    PUT(j, c3, s3, qr - vr, qi - vi);
  }
}

CK_CLONES
static void radix5(long step, long span, const double *w, const double *xr, const double *xi,
                   double *yr, double *yi) {
  IN(0, a);
  IN(step, b);
  IN(2 * step, c);
  IN(3 * step, d);
  IN(4 * step, e);
  OUT(0, f);
  OUT(span, g);
  OUT(2 * span, h);
  OUT(3 * span, j);
  OUT(4 * span, l);
  const double c1 = w[0], s1 = w[1], c2 = w[2], s2 = w[3], c3 = w[4], s3 = w[5], c4 = w[6],
               s4 = w[7];
  /* cos and sin of 2π/5 and 4π/5 */
  const double x1 = 0.30901699437494742410, x2 = -0.80901699437494742410;
  const double z1 = 0.95105651629515357212, z2 = 0.58778525229247312917;
  for (long k = 0; k < span; k++) {
    const double pr = br[k] + er[k], pi = bi[k] + ei[k], qr = br[k] - er[k], qi = bi[k] - ei[k];
    const double ur = cr[k] + dr[k], ui = ci[k] + di[k], vr = cr[k] - dr[k], vi = ci[k] - di[k];
    const double mr = ar[k] + x1 * pr + x2 * ur, mi = ai[k] + x1 * pi + x2 * ui;
    const double nr = ar[k] + x2 * pr + x1 * ur, ni = ai[k] + x2 * pi + x1 * ui;
    const double or_ = z1 * qi + z2 * vi, oi = -(z1 * qr + z2 * vr);
    const double tr = z2 * qi - z1 * vi, ti = z1 * vr - z2 * qr;
    fr[k] = ar[k] + (pr + ur);
    fi[k] = ai[k] + (pi + ui);
    PUT(g, c1, s1, mr + or_, mi + oi);
    PUT(h, c2, s2, nr + tr, ni + ti);
    PUT(j, c3, s3, nr - tr, ni - ti);
    PUT(l, c4, s4, mr - or_, mi - oi);
  }
}

void ck_fourier_pass(long radix, long m, long span, const double *w, const double *xr,
                     const double *xi, double *yr, double *yi) {
  const long step = m * span;
  for (long q = 0; q < m; q++) {
    const double *wq = w + 2 * (radix - 1) * q;
    const long from = q * span, to = radix * q * span;
    switch (radix) {
    case 2: radix2(step, span, wq, xr + from, xi + from, yr + to, yi + to); break;
    case 3: radix3(step, span, wq, xr + from, xi + from, yr + to, yi + to); break;
    case 4: radix4(step, span, wq, xr + from, xi + from, yr + to, yi + to); break;
    default: radix5(step, span, wq, xr + from, xi + from, yr + to, yi + to); break;
    }
  }
}

void ck_fourier_pair(const double *x, long rows, long half, double *re, double *im) {
  for (long j = 0; j < rows; j++) {
    const double *left = x + 2 * j * half, *right = left + half;
    for (long i = 0; i < half; i++) {
      re[j * half + i] = left[i];
      im[j * half + i] = right[i];
    }
  }
}

void ck_fourier_unpair(const double *re, const double *im, long rows, long half, double factor,
                       double *x) {
  for (long j = 0; j < rows; j++) {
    double *left = x + 2 * j * half, *right = left + half;
    for (long i = 0; i < half; i++) {
      left[i] = factor * re[j * half + i];
      right[i] = factor * im[j * half + i];
    }
  }
}

/* Z = A + iB of real a and b: A(k) = (Z(k) + Z*(n − k))/2, B(k) = (Z(k) − Z*(n − k))/2i. */
void ck_fourier_split(const double *re, const double *im, long rows, long half, double *sr,
                      double *si) {
  const long count = rows / 2 + 1;
  for (long k = 0; k < count; k++) {
    const long n = (k == 0 ? 0 : rows - k) * half, p = k * half;
    for (long i = 0; i < half; i++) {
      const double a = re[p + i], b = im[p + i], c = re[n + i], d = im[n + i];
      sr[i * count + k] = 0.5 * (a + c);
      si[i * count + k] = 0.5 * (b - d);
      sr[(i + half) * count + k] = 0.5 * (b + d);
      si[(i + half) * count + k] = 0.5 * (c - a);
    }
  }
}

void ck_fourier_join(const double *sr, const double *si, long rows, long half, double *re,
                     double *im) {
  const long count = rows / 2 + 1;
  for (long k = 0; k < count; k++) {
    const long n = (k == 0 ? 0 : rows - k) * half, p = k * half;
    for (long i = 0; i < half; i++) {
      const double ar = sr[i * count + k], ai = si[i * count + k];
      const double br = sr[(i + half) * count + k], bi = si[(i + half) * count + k];
      re[p + i] = ar - bi;
      im[p + i] = ai + br;
      if (n == p) continue;
      re[n + i] = ar + bi;
      im[n + i] = br - ai;
    }
  }
}

CK_CLONES
void ck_exponential_stage(const double *restrict e, const double *restrict x,
                          const double *restrict q, const double *restrict n, double *restrict y,
                          long count) {
  for (long i = 0; i < count; i++) y[i] = e[i] * x[i] + q[i] * n[i];
}

CK_CLONES
void ck_exponential_late_stage(const double *restrict e, const double *restrict x,
                               const double *restrict q, const double *restrict n,
                               const double *restrict m, double *restrict y, long count) {
  for (long i = 0; i < count; i++) y[i] = e[i] * x[i] + q[i] * (2 * n[i] - m[i]);
}

CK_CLONES
void ck_exponential_step(const double *restrict e, const double *restrict x,
                         const double *restrict f, const double *restrict n,
                         const double *restrict g, const double *restrict a,
                         const double *restrict b, const double *restrict h,
                         const double *restrict c, double *restrict y, long count) {
  for (long i = 0; i < count; i++) {
    y[i] = e[i] * x[i] + f[i] * n[i] + 2 * g[i] * (a[i] + b[i]) + h[i] * c[i];
  }
}
