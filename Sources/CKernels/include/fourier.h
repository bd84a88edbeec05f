#ifndef INTERPHASE_FOURIER_H
#define INTERPHASE_FOURIER_H

/* Discrete Fourier transforms of many columns at once (fourier.c), real and imaginary parts apart.
   Callers check every size. The same bits on every instruction set. */

/* One pass of a Stockham transform: radix 2, 3, 4 or 5 over `m` groups of `span` numbers, where span
   counts the columns too. `w` holds cos and −sin of the `radix − 1` twiddles of each group. */
void ck_fourier_pass(long radix, long m, long span, const double *w, const double *xr,
                     const double *xi, double *yr, double *yi);

/* Rows of 2·half real numbers to rows of `half` complex ones, left half real and right half imaginary,
   and the way back with a factor. */
void ck_fourier_pair(const double *x, long rows, long half, double *re, double *im);
void ck_fourier_unpair(const double *re, const double *im, long rows, long half, double factor,
                       double *x);

/* The transforms of both halves from that of the pairs, rows 0 to rows/2 only, transposed: 2·half rows
   of rows/2 + 1 numbers; and the way back. */
void ck_fourier_split(const double *re, const double *im, long rows, long half, double *sr,
                      double *si);
void ck_fourier_join(const double *sr, const double *si, long rows, long half, double *re,
                     double *im);

/* The stages of exponential time steps: y = e·x + q·n, y = e·x + q·(2n − m), and
   y = e·x + f·n + 2g·(a + b) + h·c, number by number. */
void ck_exponential_stage(const double *e, const double *x, const double *q, const double *n,
                          double *y, long count);
void ck_exponential_late_stage(const double *e, const double *x, const double *q, const double *n,
                               const double *m, double *y, long count);
void ck_exponential_step(const double *e, const double *x, const double *f, const double *n,
                         const double *g, const double *a, const double *b, const double *h,
                         const double *c, double *y, long count);

#endif
