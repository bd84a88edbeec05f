#include "allencahn.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

#define INLINE static inline __attribute__((always_inline))

INLINE double cell(double x, double west, double east, double south, double north, double dt,
                   double g, double a, double b) {
  const double q = x * (1 - x);
  const double lap = ((west + east) + (south + north)) - 4 * x;
  return x + dt * (lap * g + q * (a * q - b * (1 - 2 * x)));
}

INLINE void inner_row(const double *restrict x, const double *restrict south,
                      const double *restrict north, double *restrict y, long columns,
                      const struct ck_allen_cahn *with) {
  const double dt = with->dt, g = with->g, a = with->a, b = with->b;
  for (long i = 1; i < columns - 1; i++) {
    y[i] = cell(x[i], x[i - 1], x[i + 1], south[i], north[i], dt, g, a, b);
  }
}

CK_CLONES
static void row_any(const double *restrict x, const double *restrict south,
                    const double *restrict north, double *restrict y, long columns,
                    const struct ck_allen_cahn *with) {
  inner_row(x, south, north, y, columns, with);
}

static void row_plain(const double *restrict x, const double *restrict south,
                      const double *restrict north, double *restrict y, long columns,
                      const struct ck_allen_cahn *with) {
  inner_row(x, south, north, y, columns, with);
}

typedef void (*row_step)(const double *, const double *, const double *, double *, long,
                         const struct ck_allen_cahn *);

INLINE void run(double *x, double *y, long rows, long columns, const struct ck_allen_cahn *with,
                long steps, row_step step) {
  const double dt = with->dt, g = with->g, a = with->a, b = with->b;
  const long before = with->lowEdge, after = with->highEdge;
  for (long s = 0; s < steps; s++) {
    for (long j = 0; j < rows; j++) {
      const long below = j > 0 ? j - 1 : before < 0 ? rows - 1 : before;
      const long above = j < rows - 1 ? j + 1 : after < 0 ? 0 : rows - 1 - after;
      const double *at = x + j * columns, *south = x + below * columns,
                   *north = x + above * columns;
      double *to = y + j * columns;
      const long last = columns - 1;
      const double west = at[before < 0 ? last : before], east = at[after < 0 ? 0 : last - after];
      to[0] = cell(at[0], west, at[1], south[0], north[0], dt, g, a, b);
      step(at, south, north, to, columns, with);
      to[last] = cell(at[last], at[last - 1], east, south[last], north[last], dt, g, a, b);
    }
    double *swap = x;
    x = y;
    y = swap;
  }
}

void ck_allen_cahn_steps(double *x, double *y, long rows, long columns,
                         const struct ck_allen_cahn *with, long steps) {
  run(x, y, rows, columns, with, steps, row_any);
}

void ck_allen_cahn_steps_plain(double *x, double *y, long rows, long columns,
                               const struct ck_allen_cahn *with, long steps) {
  run(x, y, rows, columns, with, steps, row_plain);
}

CK_CLONES
void ck_manufactured_column(const double *restrict x, const double *restrict left,
                            const double *restrict right, const double *restrict e, long n,
                            double dt, double g, double f, double p, double s,
                            double *restrict y) {
  for (long j = 1; j < n - 1; j++) {
    const double u = 1 / (1 + e[j] * f);
    const double source = 4 * u * (1 - u) * (p + s * (1 - 2 * u));
    const double lap = ((left[j] + right[j]) + (x[j - 1] + x[j + 1])) - 4 * x[j];
    const double bulk = 4 * x[j] * (x[j] - 1) * (x[j] - 0.5);
    y[j] = x[j] + dt * (g * lap - bulk + source);
  }
}
