#ifndef INTERPHASE_CKERNELS_H
#define INTERPHASE_CKERNELS_H

/* Number loops that Swift's bounds checks would slow down. Callers check every size.
   All loops work element by element in a fixed order and without contraction, so that the clones
   for newer instruction sets give the same bits as the plain one. */

/* Cholesky factor of a symmetric banded matrix, columns `from` to n − 1.
   Element (i, j), i >= j, stands at j·(b + 1) + i − j in `a` (the matrix) and `l` (the factor); columns
   of `l` before `from` must stand already. Returns n, or the column whose pivot is not positive. */
long ck_band_cholesky(const double *a, double *l, long n, long b, long from);

/* Solves L x = x in place. */
void ck_band_forward(const double *l, double *x, long n, long b);

/* Solves Lᵀ x = x in place. */
void ck_band_backward(const double *l, double *x, long n, long b);

#endif
