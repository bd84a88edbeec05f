#ifndef INTERPHASE_CKERNELS_H
#define INTERPHASE_CKERNELS_H

#include <stdint.h>

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

/* Plane strain on a grid of n × m bilinear elements (grid.c): vectors hold u of all nodes, then v, node
   (i, j) at j·(n + 1) + i; the nodes j = 0 are clamped. `e` holds the moduli of the elements row by
   row, `c` eight coefficients, `scratch` 9·(n + 2) numbers. */

/* y = K x; y is 0 at clamped nodes, where x must be 0. */
void ck_grid_apply(const double *x, const double *e, long n, long m, const double *c, double *y,
                   double *scratch);

/* y = b − K x. */
void ck_grid_residual(const double *b, const double *x, const double *e, long n, long m,
                      const double *c, double *y, double *scratch);

/* d = keep·d + step·w·(b − K x), x += d, in one pass; step[0] for u, step[1] for v. */
void ck_grid_smooth(const double *b, const double *e, const double *w, long n, long m,
                    const double *c, double keep, const double *step, double *d, double *x,
                    double *scratch);

/* d = x = step·w·b. */
void ck_grid_start(const double *b, const double *w, long nodes, const double *step, double *d,
                   double *x);

/* The load of the grid of n/2 × m/2 elements from that of n × m, and the way back, added to `fine`. */
void ck_grid_restrict(const double *fine, long n, long m, double *coarse, double *scratch);
void ck_grid_prolong(const double *coarse, long n, long m, double *fine, double *scratch);

/* Order parameters on `rows` × `columns` cells (phase.c): `rows` + 3 rows of `pitch` numbers, where `pitch`
   is at least `columns` + 16; column 0 stands at 8, row 0 at memory row 2 where `high`, else at row 1.
   Every step moves the field from high to low or back: the caller flips `high` after it. */
typedef struct {
  long columns, rows, pitch;
  int high;
  /* What lies beyond the first and last column and row. */
  int column_edge, row_edge;
} ck_field;

/* The other end; the same cell again; the cell next to the edge cell (mirror on its centre). */
enum { CK_PERIODIC = 0, CK_NO_FLUX = 1, CK_MIRROR = 2 };

/* With q = ξ(1 − ξ): ξ += a·(sum of the four neighbours − 4ξ) + q·(c + b·ξ + s·q). */
void ck_allen_cahn_step(double *field, const ck_field *f, double a, double b, double c, double s);

/* The same with a, b, c of each column and without s. */
void ck_allen_cahn_columns(double *field, const ck_field *f, const double *a, const double *b,
                           const double *c);

/* How often each column passes ½ from row to row; cells below `least` become 0. */
void ck_field_scan(double *field, const ck_field *f, double least, double *crossings);

/* y[i] = kernel[0]·z[half + i] + Σ kernel[d]·(z[half + i − d] + z[half + i + d]) over d = 1 … half, for
   0 <= i < n; z holds n + 2·half numbers. */
void ck_even_convolution(const double *kernel, const double *z, double *y, long half, long n);

/* Σ x·y; y += a·x; y = x + a·y. */
double ck_dot(const double *x, const double *y, long n);
void ck_axpy(double a, const double *x, double *y, long n);
void ck_xpay(const double *x, double a, double *y, long n);

/* Loops over the points of a spectrum (spectra.c). The contrast of every four neighbours, n − 3 of them:
   |Σ w·y|/√Σw² with the weights w of the third divided difference; not finite where two x are equal. */
void ck_contrasts(const double *x, const double *y, double *contrast, long n);

/* The banded system of a natural cubic smoothing spline with `count` inner knots: `count` + 1 steps, the
   three elements of each column of Q, Qᵀy as `right`, and `count` + 2 values y. Gives the curvatures g of
   (R + λQᵀQ)g = Qᵀy and the spline's values; returns n − trace. `work` holds 6·`count` + 6 numbers. */
double ck_spline_solve(long count, const double *steps, const double *before, const double *at,
                       const double *after, const double *right, const double *y, double lambda,
                       double *work, double *g, double *values);

/* A text table whose rows may be plain (rows.c): what its columns hold, and where their numbers go: row r
   of column c to block[c·stride + r], as the bits of a double or as a whole number. */
enum { CK_REAL = 0, CK_INTEGER = 1 };
typedef struct {
  const uint8_t *codes;
  /* The power of ten of each column; 10^0 to 10^22. */
  const long *exponents;
  const double *powers;
  uint64_t *block;
  long stride, columns, rows;
  /* A blank stands for blanks and tabs, as many as there are, in rows of `longest` bytes at most. */
  uint8_t delimiter, mark;
  long longest;
  /* Before it 20 bytes are readable from any byte on. */
  const uint8_t *limit;
} ck_plain_table;

/* The row to fill, its cell to read and the length of the shortest last cell so far; the start of the row
   in progress and the end of the last whole row are given back. */
typedef struct {
  long row, column, shortest;
  const uint8_t *cell, *row_start, *last_end;
} ck_plain_place;

/* Whether the processor has what the function below needs. */
int ck_has_plain_rows(void);

/* Reads cells from the start of a row on until one is anything but plain, `limit` is reached or `rows` are
   filled. */
void ck_plain_rows(const ck_plain_table *table, ck_plain_place *place);

/* Takes whole blocks of 64 bytes into the eight words of a SHA-256; `plain` without the processor's own
   instructions for it. */
void ck_sha256(uint32_t *state, const uint8_t *data, long blocks);
void ck_sha256_plain(uint32_t *state, const uint8_t *data, long blocks);

/* Least, greatest, sum and rounding errors of the sum in eight lanes each (series.c): 32 numbers, which start
   at +∞, −∞, 0 and 0. Takes `groups` times eight numbers in from `first` on; one that is not finite leaves a rounding error
   that is not. */
void ck_series_lanes(const double *values, long first, long groups, double *state);

/* Lowers `low` and raises `high` to the least and greatest of n numbers; their sum modulo 2⁶⁴. */
void ck_whole_range(const int64_t *x, long n, int64_t *low, int64_t *high, uint64_t *sum);

/* A field of n records that stand `size` bytes apart, `p` at that of the first: floating-point numbers of
   4 or 8 bytes divided by `divisor`, or whole ones of 1, 2, 4 or 8 bytes, of which `mask` takes some bits
   unless it is 0. `swapped`: in the byte order that is not the processor's. */
void ck_field_reals(const uint8_t *p, long size, long n, int bytes, int swapped, double divisor,
                    double *to);
void ck_field_whole(const uint8_t *p, long size, long n, int bytes, int is_signed, int swapped,
                    int64_t mask, int shift, int64_t *to);

/* glibc: blocks of memory from that size on are given back to the system when they are released. Swift
   cannot call mallopt itself. */
void ck_give_back_at_once(long bytes);

/* Decompresses a raw deflate stream (RFC 1951) that gives exactly `out_count` bytes; the bytes of input that
   it takes. 0 for any other stream, damaged ones among them: zlib knows what is wrong with it. */
int ck_inflate(const uint8_t *in, long in_count, uint8_t *out, long out_count, long *consumed);

#endif
