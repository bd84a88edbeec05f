#ifndef INTERPHASE_MANUFACTURED_H
#define INTERPHASE_MANUFACTURED_H

/* One step of x += dt·(g·∇²x − 4x(x − 1)(x − ½) + 4u(1 − u)·(p + s·(1 − 2u))), u = 1/(1 + e·f), along
   the inner points 1 … n − 2 of a column; `left` and `right` are its neighbours, e belongs to a point
   and f, p, s to the column. Callers check every size. The same bits on every instruction set. */
void ck_manufactured_column(const double *x, const double *left, const double *right,
                            const double *e, long n, double dt, double g, double f, double p,
                            double s, double *y);

#endif
