#ifndef INTERPHASE_ALLENCAHN_H
#define INTERPHASE_ALLENCAHN_H

/* Explicit steps of Allen–Cahn equations with five-point differences (allencahn.c). Callers check every
   size. The same bits on every instruction set. */

/* `steps` steps of x += dt·(∇²x·g + q·(a·q − b·(1 − 2x))), q = x(1 − x), on rows × columns cells.
   Beyond an edge lies the cell `lowEdge` at the low and `highEdge` at the high end of each axis, counted
   inwards: 0 and 0 mirror at the faces, 1 mirrors at the middle of the first cell; −1 is periodic.
   The result stands in `x` for an even number of steps, in `y` for an odd one. */
struct ck_allen_cahn {
  double dt, g, a, b;
  long lowEdge, highEdge;
};
void ck_allen_cahn_steps(double *x, double *y, long rows, long columns,
                         const struct ck_allen_cahn *with, long steps);

/* The same compiled for the least instruction set, to compare with. */
void ck_allen_cahn_steps_plain(double *x, double *y, long rows, long columns,
                               const struct ck_allen_cahn *with, long steps);

/* One step of x += dt·(g·∇²x − 4x(x − 1)(x − ½) + 4u(1 − u)·(p + s·(1 − 2u))), u = 1/(1 + e·f), along
   the inner points 1 … n − 2 of a column; `left` and `right` are its neighbours, e belongs to a point
   and f, p, s to the column. */
void ck_manufactured_column(const double *x, const double *left, const double *right,
                            const double *e, long n, double dt, double g, double f, double p,
                            double s, double *y);

#endif
