#include "ckernels.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

/* Explicit 5-point steps in place. A field of m rows of n cells lies in m + 3 rows of memory, and every
   step moves it by one row: the new row j takes the place of the old row j ± 1, of which only the cell
   above or below is read. So a step reads and writes each cell once, without a second field.

   With q = ξ(1 − ξ) the cell becomes ξ + (a·(sum of the four neighbours − 4ξ) + q·(c + b·ξ [+ s·q])). */

#define EDGE 8

#define SUM ((at[i - 1] + at[i + 1]) + (y[i] + next[i]))

CK_CLONES
static void plain_row(double *restrict y, const double *restrict at, const double *restrict next,
                      double a, double b, double c, double s, long n) {
  for (long i = 0; i < n; i++) {
    const double x = at[i], q = x * (1 - x);
    y[i] = x + (a * (SUM - 4 * x) + q * ((c + b * x) + s * q));
  }
}

CK_CLONES
static void column_row(double *restrict y, const double *restrict at, const double *restrict next,
                       const double *restrict a, const double *restrict b,
                       const double *restrict c, long n) {
  for (long i = 0; i < n; i++) {
    const double x = at[i], q = x * (1 - x);
    y[i] = x + (a[i] * (SUM - 4 * x) + q * (c[i] + b[i] * x));
  }
}

/* The index beyond the lower (side < 0) or upper end of 0 … n − 1. */
static long beyond(int edge, int side, long n) {
  switch (edge) {
  case CK_PERIODIC: return side < 0 ? n - 1 : 0;
  case CK_NO_FLUX: return side < 0 ? 0 : n - 1;
  default: return n < 2 ? 0 : side < 0 ? 1 : n - 2;
  }
}

static void copy_row(const double *from, double *to, long n) {
  for (long i = 0; i < n; i++) to[i] = from[i];
}

static void step(double *field, const ck_field *f, double a, double b, double c, double s,
                 const double *as, const double *bs, const double *cs) {
  const long n = f->columns, m = f->rows, pitch = f->pitch;
  double *first = field + (f->high ? 2 : 1) * pitch + EDGE;
  copy_row(first + beyond(f->row_edge, -1, m) * pitch, first - pitch, n);
  copy_row(first + beyond(f->row_edge, 1, m) * pitch, first + m * pitch, n);
  const long left = beyond(f->column_edge, -1, n), right = beyond(f->column_edge, 1, n);
  /* The new field goes down where the old one stands high, and up again in the next step. */
  const long way = f->high ? 1 : -1;
  for (long k = 0; k < m; k++) {
    double *at = first + (way > 0 ? k : m - 1 - k) * pitch;
    at[-1] = at[left];
    at[n] = at[right];
    if (as) {
      column_row(at - way * pitch, at, at + way * pitch, as, bs, cs, n);
    } else {
      plain_row(at - way * pitch, at, at + way * pitch, a, b, c, s, n);
    }
  }
}

void ck_allen_cahn_step(double *field, const ck_field *f, double a, double b, double c, double s) {
  step(field, f, a, b, c, s, 0, 0, 0);
}

void ck_allen_cahn_columns(double *field, const ck_field *f, const double *a, const double *b,
                           const double *c) {
  step(field, f, 0, 0, 0, 0, a, b, c);
}

CK_CLONES
static void scan_row(double *at, const double *next, double least,
                     double *restrict crossings, long n) {
  for (long i = 0; i < n; i++) {
    crossings[i] += ((at[i] >= 0.5) != (next[i] >= 0.5)) ? 1 : 0;
    at[i] = at[i] < least ? 0 : at[i];
  }
}

void ck_field_scan(double *field, const ck_field *f, double least, double *crossings) {
  double *first = field + (f->high ? 2 : 1) * f->pitch + EDGE;
  for (long i = 0; i < f->columns; i++) crossings[i] = 0;
  for (long j = 0; j < f->rows; j++) {
    const double *next = first + (j + 1 < f->rows ? j + 1 : j) * f->pitch;
    scan_row(first + j * f->pitch, next, least, crossings, f->columns);
  }
}

CK_CLONES
void ck_even_convolution(const double *restrict kernel, const double *restrict z,
                         double *restrict y, long half, long n) {
  const double *middle = z + half;
  for (long i = 0; i < n; i++) y[i] = kernel[0] * middle[i];
  long d = 1;
  for (; d + 3 <= half; d += 4) {
    const double k0 = kernel[d], k1 = kernel[d + 1], k2 = kernel[d + 2], k3 = kernel[d + 3];
    const double *right = middle + d, *left = middle - d;
    for (long i = 0; i < n; i++) {
      y[i] = (((y[i] + k0 * (left[i] + right[i])) + k1 * (left[i - 1] + right[i + 1]))
              + k2 * (left[i - 2] + right[i + 2])) + k3 * (left[i - 3] + right[i + 3]);
    }
  }
  for (; d <= half; d++) {
    for (long i = 0; i < n; i++) y[i] += kernel[d] * (middle[i - d] + middle[i + d]);
  }
}
