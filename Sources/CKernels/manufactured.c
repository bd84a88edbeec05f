#include "manufactured.h"
#include "clones.h"

#pragma STDC FP_CONTRACT OFF

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
